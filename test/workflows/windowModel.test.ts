import fc from 'fast-check';
import type { FileEvent } from '../../src/windows/fileEvent';
import type { SpilledFiles } from '../../src/windows/spilledFiles';
import type { BatchLimits, BatchWindowInput } from '../../src/workflows/contract';
import type { Gathered } from '../../src/workflows/gathering';
import { WindowState } from '../../src/workflows/windowState';
import { event, loadedBatch, sealedBatch } from './examples';

const INPUT: BatchWindowInput = { windowId: 'ds.t_1_100', dest: 'ds.t', start: 10, due: 100, settleInSec: 5 };

type Move =
  | { readonly kind: 'files'; readonly count: number; readonly rule: string }
  | { readonly kind: 'load'; readonly beforeDue: boolean; readonly postpone: boolean }
  | { readonly kind: 'spill' | 'continueAsNew' | 'fail' | 'flush' };

/** A window with a storage of spilled files, and the files that it has loaded or dropped. */
class Model {
  readonly announced: string[] = [];
  readonly loaded: string[] = [];
  readonly dropped: string[] = [];
  private readonly storage = new Map<string, readonly FileEvent[]>();
  private state: WindowState;

  constructor(private readonly limits: BatchLimits | undefined) {
    this.state = new WindowState({ ...INPUT, limits });
  }

  play(move: Move): void {
    const { state } = this;
    if (move.kind === 'files') {
      const events = Array.from({ length: move.count }, (_, at) =>
        event(`${move.rule}/${this.announced.length + at}#1`),
      );
      this.announced.push(...events.map(({ url }) => url));
      state.gathering.add(events);
    } else if (move.kind === 'load') this.load(move.beforeDue, move.postpone);
    else if (move.kind === 'flush') state.requests.flushed = true;
    else if (move.kind === 'fail') this.fail();
    else {
      this.spillAll();
      if (move.kind === 'continueAsNew') this.state = new WindowState(JSON.parse(JSON.stringify(state.carry(10, []))));
    }
  }

  /** Loads until no file waits. */
  finish(): void {
    while (this.state.hasFiles) this.load(false, false);
  }

  private load(beforeDue: boolean, postpone: boolean): void {
    const { state } = this;
    const batches = state.takeBatches(beforeDue);
    const outcomes = batches.map((batch) => {
      const outcome = loadedBatch(batch.ruleId, 1, 1);
      if (!postpone) return outcome;
      const nextOwner = batch.owner;
      return { ...outcome, batch: { ...sealedBatch(batch.ruleId, 1), resumed: true as const, nextOwner } };
    });
    for (const batch of batches) {
      const files = this.filesOf(batch);
      expect(files.length).toBeGreaterThan(0);
      expect(files.length).toBeLessThanOrEqual(this.limits?.maxFiles ?? Number.POSITIVE_INFINITY);
      if (!postpone) this.loaded.push(...files);
      state.addProcess(batch);
    }
    state.postpone(batches, outcomes);
    state.addOutcomes(outcomes);
  }

  private fail(): void {
    const { state } = this;
    const waiting = new Set(this.announced);
    for (const url of [...this.loaded, ...this.dropped]) waiting.delete(url);
    state.endWith({ type: 'Abandoned', message: 'wrong table' });
    this.dropped.push(...waiting);
    expect(state.hasFiles).toBe(false);
  }

  private spillAll(): void {
    const { state } = this;
    for (let batch = state.postponedToSpill; batch; batch = state.postponedToSpill) {
      const files = batch.files.slice(0, 2);
      state.replacePostponed(batch, files, this.store(files));
    }
    for (let next = state.gathering.remaining; next; next = state.gathering.remaining) {
      state.gathering.replaceSpilled(next, this.store(next.files));
    }
  }

  private store(files: readonly FileEvent[]): SpilledFiles {
    const url = `gs://j/${this.storage.size}`;
    this.storage.set(url, files);
    return { url, files: files.length };
  }

  private filesOf({ files, spilled }: Gathered): string[] {
    return [...spilled.flatMap(({ url }) => this.storage.get(url) ?? []), ...files].map(({ url }) => url);
  }
}

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('files' as const),
      count: fc.integer({ min: 1, max: 7 }),
      rule: fc.constantFrom('r', 's'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('load' as const), beforeDue: fc.boolean(), postpone: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('spill' as const, 'continueAsNew' as const, 'flush' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const) }) },
);
const limits = fc.constantFrom<BatchLimits | undefined>(undefined, { maxFiles: 3 }, { maxFiles: 1 });

test('each announced file is in exactly one batch, or was dropped when the run was recorded as abandoned', () => {
  fc.assert(
    fc.property(limits, fc.array(move, { maxLength: 40 }), (batchLimits, moves) => {
      const model = new Model(batchLimits);
      for (const each of moves) model.play(each);
      model.finish();
      expect([...model.loaded, ...model.dropped].sort()).toEqual([...model.announced].sort());
    }),
    { numRuns: 500 },
  );
});
