import { type FileVersion, versionKey } from '../windows/fileVersion';
import { hash } from '../windows/hash';
import { type Window, windowKey, windowOf } from '../windows/window';
import { type ExpandedDestination, expandDestination, type FileFacts, NameInvalid } from './destination';
import { parseTableName } from './tableReference';
import type { Rule } from './types';
import { windowSettings } from './windowSettings';

/** Where a rule puts a file. */
export interface Placement {
  /**
   * Destination table as the rule writes it, partition decorator included: `ds.t$20231114`. All variables are expanded except
   * `$EventID` and `$GroupID`, which are known at load time only.
   */
  readonly table: string;
  /** `Dest.Partition`, expanded; absent when the rule has none. */
  readonly partition?: string;
  /** Tables of `Schema.Split.Mapping`, expanded, with their conditions; empty without a split. */
  readonly split: readonly { readonly when: string; readonly table: string }[];
  /** Values of `Dest.Parameters` by name; empty without Pattern. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Absent for a rule without Batch, which loads each file by itself. */
  readonly window?: PlacedWindow;
}

/** The window of a file. */
export interface PlacedWindow extends Window {
  /** The text whose hash is part of the window ID. Successive windows of the same files have the same key. */
  readonly key: string;
}

/**
 * Where a rule puts a file: destination, parameters and window. The only answer to this question: intake, backfill, replay,
 * sealing and the CLI all use it.
 *
 * @example placement(rule, { url: 'gs://b/data/a.json', updatedMs: 1700000003000 }).window?.id // 'ds.t_1893…_1700000010'
 * @throws NameInvalid when the file's name makes a table name that BigQuery does not allow, or contains `*`.
 */
export function placement(rule: Rule, file: FileFacts): Placement {
  const destination = checkedDestination(rule, file);
  const { table, partition, mapping: split, parameters } = destination;
  const settings = windowSettings(rule, destination);
  const window = settings && { ...windowOf(settings, file.url, file.updatedMs), key: windowKey(settings, file.url) };
  return { table, partition, split, parameters, window };
}

/** As `placement`; undefined for a file whose name is not valid, which no rule can load. */
export function placementIfValid(rule: Rule, file: FileFacts): Placement | undefined {
  try {
    return placement(rule, file);
  } catch (error) {
    if (error instanceof NameInvalid) return undefined;
    throw error;
  }
}

/**
 * ID of the workflow that loads a placed file: of its window, else of the load of this one version of the file.
 *
 * @example workflowIdOf({ table: 'ds.t' }, { url: 'gs://b/a.json', generation: '1' }) // 'ds.t_<hash of gs://b/a.json#1>'
 */
export function workflowIdOf(
  { table, window }: Pick<Placement, 'table' | 'window'>,
  file: Pick<FileVersion, 'url' | 'generation'>,
): string {
  return window?.id ?? `${table}_${hash(versionKey(file))}`;
}

/** Characters that BigQuery allows in table names, and those of variables that are expanded at load time. */
const CHARACTERS = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}.:$`{}()]+$/u;
const MAX_LENGTH = 1024;

/** The table name may contain parts of the file's name. It becomes part of workflow IDs and of journal paths, so check it here. */
function checkedDestination(rule: Rule, file: FileFacts): ExpandedDestination {
  if (file.url.includes('*')) {
    throw new NameInvalid(
      `${file.url}: a load job reads * as a wildcard and would load other files too: rename the object`,
    );
  }
  const destination = expandDestination(rule, file);
  const { table } = destination;
  const allowed = CHARACTERS.test(table) && !table.includes('..') && table.length <= MAX_LENGTH;
  if (allowed && parseTableName(table)) return destination;
  throw new NameInvalid(
    `${rule.id}: Dest.Table: found ${JSON.stringify(table.slice(0, 200))} for ${file.url}; allowed is [project:]dataset.table`,
  );
}
