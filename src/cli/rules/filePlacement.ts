import { type Placement, placement } from '../../rules/placement';
import type { RuleSet } from '../../rules/ruleSet';
import type { Rule } from '../../rules/types';
import type { Window } from '../../windows/window';

/** A file to place. */
export interface FileQuery {
  readonly url: string;
  /** Last update of the file, Unix milliseconds. */
  readonly updatedMs: number;
}

/** Where a file goes; the window is absent for a rule without Batch, which loads each file by itself. */
export interface FilePlacement extends Pick<Placement, 'table' | 'partition' | 'split'> {
  readonly file: FileQuery;
  readonly rule: Rule;
  readonly window?: Window;
}

/** Result of matching a file against the rules. */
export type Answer =
  | { readonly status: 'matched' | 'disabled'; readonly placement: FilePlacement }
  | { readonly status: 'noMatch' }
  | { readonly status: 'ambiguous'; readonly rules: readonly Rule[] };

/** Finds the rule, table and window of a file, as the bridge does. */
export function placementOf(rules: RuleSet, file: FileQuery): Answer {
  const match = rules.match(file.url);
  if (match.status === 'noMatch') return { status: 'noMatch' };
  if (match.status === 'ambiguous') return { status: 'ambiguous', rules: match.rules };
  const [rule] = match.rules;
  const { table, partition, split, window: placed } = placement(rule, file);
  const window = placed && { id: placed.id, dest: placed.dest, start: placed.start, due: placed.due };
  return { status: match.status, placement: { file, rule, table, partition, split, window } };
}
