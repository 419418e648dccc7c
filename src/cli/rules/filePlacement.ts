import { expandDestination } from '../../rules/destination';
import type { RuleSet } from '../../rules/ruleSet';
import type { Rule } from '../../rules/types';
import { windowSettings } from '../../rules/windowSettings';
import { type Window, windowOf } from '../../windows/window';

/** A file whose way is asked for. */
export interface FileQuery {
  readonly url: string;
  /** Last update of the file, Unix milliseconds. */
  readonly updatedMs: number;
}

/** Where a file goes; the window is absent for a rule without Batch, which loads each file by itself. */
export interface FilePlacement {
  readonly file: FileQuery;
  readonly rule: Rule;
  /** Expanded but for `$EventID` and `$GroupID`. */
  readonly table: string;
  readonly partition?: string;
  /** Tables of a split, with their conditions. */
  readonly split: readonly { readonly when: string; readonly table: string }[];
  readonly window?: Window;
}

/** What the rules say about a file. */
export type Answer =
  | { readonly status: 'matched' | 'disabled'; readonly way: FilePlacement }
  | { readonly status: 'noMatch' }
  | { readonly status: 'ambiguous'; readonly rules: readonly Rule[] };

/** The rule, table and window of a file, as the bridge finds them. */
export function placementOf(rules: RuleSet, file: FileQuery): Answer {
  const match = rules.match(file.url);
  if (match.status === 'noMatch') return { status: 'noMatch' };
  if (match.status === 'ambiguous') return { status: 'ambiguous', rules: match.rules };
  const [rule] = match.rules;
  const destination = expandDestination(rule, file);
  const settings = windowSettings(rule, destination);
  const { table, partition, mapping } = destination;
  const way = {
    file,
    rule,
    table,
    ...(partition === undefined ? {} : { partition }),
    split: mapping,
    ...(settings ? { window: windowOf(settings, file.url, file.updatedMs) } : {}),
  };
  return { status: match.status, way };
}
