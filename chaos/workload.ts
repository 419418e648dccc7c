import type { Random } from './random';

/** One destination table, with the rule that fills it. */
export interface Target {
  readonly name: string;
  readonly rule: object;
  /** Share of its files that are broken. */
  readonly broken: number;
}

export const DATASET = 'chaos';
export const TEMPORARY = 'chaos_temp';
/** The table whose source files stay in place. */
export const KEPT = 'kept';
const REMOVE = [{ Action: 'delete' }];

/** All kinds of loads: direct, by copy, by query, without duplicates, single files. */
export const TARGETS: readonly Target[] = [
  target('direct', { Batch: { Window: { DurationInSec: 5 } } }, {}, 0.05),
  target('folders', { Batch: { MultiPath: true, Window: { DurationInSec: 8 } } }, {}, 0),
  target('copied', { Batch: { Window: { DurationInSec: 6 } } }, { Transient: { Dataset: TEMPORARY } }, 0.05),
  target(
    'unique',
    { Batch: { Window: { DurationInSec: 7 } } },
    { Transient: { Dataset: TEMPORARY }, UniqueColumns: ['id'] },
    0,
  ),
  target(
    'dml',
    { Batch: { Window: { DurationInSec: 9 } } },
    { Transient: { Dataset: TEMPORARY, CopyMethod: 'DML' } },
    0.03,
  ),
  target('single', {}, {}, 0.05),
  // The source files stay, so that only the ledger knows which are loaded.
  target(KEPT, { Batch: { Window: { DurationInSec: 5, SettleInSec: 1 } }, OnSuccess: [] }, {}, 0),
];

function target(name: string, rest: object, dest: object, broken: number): Target {
  const rule = {
    When: { Prefix: `/data/${name}/`, Suffix: '.json' },
    Async: true,
    Dest: { Table: `${DATASET}.${name}`, ...dest },
    OnSuccess: REMOVE,
    ...rest,
  };
  return { name, rule, broken };
}

/** A file to upload. */
export interface DataFile {
  readonly target: string;
  readonly path: string;
  readonly text: string;
  /** IDs of its rows; none for a broken file. */
  readonly ids: readonly number[];
}

/** Makes files of random targets, folders and sizes. Each row has its own ID. */
export class Workload {
  private file = 0;
  private row = 0;

  constructor(private readonly random: Random) {}

  next(): DataFile {
    const { name, broken } = this.random.pick(TARGETS);
    const path = `data/${name}/${this.random.between(1, 2)}/${String(++this.file).padStart(5, '0')}.json`;
    const ids = Array.from({ length: this.random.between(1, 20) }, () => ++this.row);
    const lines = ids.map((id) => JSON.stringify({ id, name: path }));
    if (!this.random.happens(broken)) return { target: name, path, text: lines.join('\n'), ids };
    lines[this.random.between(0, lines.length - 1)] = this.random.pick(['{"id": 1, "na', '{"id": "none"}']);
    return { target: name, path, text: lines.join('\n'), ids: [] };
  }
}

/** Whether an object, `bucket/name`, is a source file that is deleted after its load. */
export function isWaiting(object: string): boolean {
  return /^[^/]+\/data\//.test(object) && !object.includes(`/data/${KEPT}/`);
}
