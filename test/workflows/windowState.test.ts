import type { BatchOutcome } from '../../src/workflows/batchOutcome';
import type { BatchLimits, BatchWindowInput, Stage } from '../../src/workflows/contract';
import { WindowState } from '../../src/workflows/windowState';
import { event, loadedBatch, sealedBatch } from './examples';

const INPUT: BatchWindowInput = { windowId: 'ds.t_1_100', dest: 'ds.t', start: 10, due: 100, settleInSec: 5 };

/**
 * `flush` and `abandon` are requests of operators, `spill` spills the waiting files of one rule. Every other move announces the
 * file `rule/url#generation`.
 */
function play(moves: readonly string[], limits?: BatchLimits): WindowState {
  const state = new WindowState({ ...INPUT, limits });
  for (const move of moves) {
    if (move === 'flush') state.requests.flushed = true;
    else if (move === 'abandon') state.requests.abandoned = 'wrong table';
    else if (move === 'spill') spill(state);
    else state.gathering.add([event(move)]);
  }
  return state;
}

function spill({ gathering }: WindowState): void {
  const { remaining } = gathering;
  if (remaining) gathering.replaceSpilled(remaining, { url: 'gs://j/1', files: remaining.files.length });
}

/** Takes the batches and loads them with these outcomes. */
function load(state: WindowState, ...outcomes: readonly BatchOutcome[]) {
  const batches = state.takeBatches(false);
  for (const batch of batches) state.addProcess(batch);
  const spilled = state.postpone(batches, outcomes);
  state.addOutcomes(outcomes);
  return { batches, spilled };
}

test.each<[string, string[], BatchLimits | undefined, boolean]>([
  ['a window without files has no batch ready', [], undefined, false],
  ['without limits, files wait for due', ['r/a#1'], undefined, false],
  ['a full batch is ready', ['r/a#1', 'r/b#1'], { maxFiles: 2 }, true],
  ['a flush makes the files ready', ['r/a#1', 'flush'], undefined, true],
  ['an abandoned window stops gathering', ['r/a#1', 'abandon'], undefined, true],
])('%s', (_, moves, limits, ready) => {
  expect(play(moves, limits).batchReady).toBe(ready);
});

test.each<[string, string[], number, boolean]>([
  ['a window is before due while it settles', ['r/a#1'], 104_999, true],
  ['a window is due when it has settled', ['r/a#1'], 105_000, false],
  ['a flushed window is due at once', ['r/a#1', 'flush'], 0, false],
  ['an abandoned window is due at once', ['r/a#1', 'abandon'], 0, false],
])('%s', (_, moves, nowMs, beforeDue) => {
  expect(play(moves).isBeforeDue(nowMs)).toBe(beforeDue);
});

describe('the stage of a window is', () => {
  const gathering: [string, string[], Stage[], Stage][] = [
    ['gathering before its first batch', ['r/a#1'], [], 'gathering'],
    ['that of its batch while one is loaded', ['r/a#1'], ['loading'], 'loading'],
    ['gathering again when all batches have ended', ['r/a#1'], ['done', 'failed'], 'gathering'],
    ['that of its batches when no file waits', [], ['done', 'failed'], 'failed'],
  ];
  test.each(gathering)('%s', (_, moves, stages, expected) => {
    const state = play(moves);
    const [batch] = play(['r/x#1']).takeBatches(false);
    for (const stage of stages) if (batch) state.addProcess(batch).enter(stage);
    expect(state.status()).toMatchObject({ stage: expected, dest: 'ds.t', due: 100, announced: moves.length });
  });

  test('abandoned when it ends without loading its files', () => {
    const state = play(['r/a#1', 'abandon']);
    state.endWith({ type: 'Abandoned', message: 'wrong table' });
    expect(state.status().stage).toBe('abandoned');
  });
});

test('a batch counts its files and its spilled files', () => {
  const state = play(['r/a#1', 'spill', 'r/b#1', 'r/c#1']);
  load(state, loadedBatch('r', 3, 3));
  expect(state.status().processes).toMatchObject([{ ruleId: 'r', eventId: 'r/a#1', files: 3 }]);
});

test('loaded batches close, and their spilled files are not needed any more', () => {
  const state = play(['r/a#1', 'spill', 'r/b#1']);
  expect(load(state, loadedBatch('r', 2, 5)).spilled).toEqual([{ url: 'gs://j/1', files: 1 }]);
  expect(state.hasFiles).toBe(false);
  expect(state.result()).toMatchObject({ dest: 'ds.t', files: 2, rows: 5, jobIds: ['r-job'] });
});

test('a batch of an earlier run goes first, and the announced files make the next batch under the next owner', () => {
  const state = play(['r/a#1', 'spill', 'r/b#1']);
  const earlier = { ...sealedBatch('r', 1), resumed: true as const, nextOwner: event('r/b#1') };
  expect(load(state, { ...loadedBatch('r', 1, 1), batch: earlier }).spilled).toEqual([]);
  expect([state.hasPostponed, state.hasFiles, state.gathering.pending]).toEqual([true, true, false]);

  const { batches, spilled } = load(state, loadedBatch('r', 1, 2));
  expect(batches).toMatchObject([
    { owner: { eventId: 'r/b#1' }, files: [{ url: 'b' }], resumedEntries: ['gs://b/part'], spilled: [{ files: 1 }] },
  ]);
  expect(spilled).toEqual([{ url: 'gs://j/1', files: 1 }]);
  expect(state.hasFiles).toBe(false);
  expect(state.result()).toMatchObject({ files: 2, rows: 3 });
});

test('only full batches are taken before due', () => {
  const state = play(['r/a#1', 'r/b#1', 'r/c#1', 's/d#1'], { maxFiles: 2 });
  expect(state.takeBatches(true).map(({ owner, files }) => [owner.eventId, files.length])).toEqual([['r/a#1', 2]]);
  expect(state.hasFiles).toBe(true);
});

test('a run that continues as new carries its start, its files and the totals of all runs before', () => {
  const first = play(['r/a#1']);
  load(first, loadedBatch('r', 1, 4));
  first.gathering.add([event('s/b#1')]);
  spill(first);
  const input = first.carry(5, []);
  expect(input).toMatchObject({ ...INPUT, start: 5, earlier: { files: 1, rows: 4, rules: ['r'] } });

  const second = new WindowState(input);
  expect(second.status()).toMatchObject({ stage: 'gathering', announced: 2, processes: [] });
  expect(load(second, loadedBatch('s', 1, 3)).batches).toMatchObject([{ ruleId: 's', spilled: [{ url: 'gs://j/1' }] }]);
  expect(second.loadedSoFar()).toMatchObject({ files: 2, rows: 7, rules: ['r', 's'], jobIds: ['r-job', 's-job'] });
});

test('a window with a failed batch fails, and its totals have the good batches only', () => {
  const state = play(['r/a#1', 's/b#1']);
  load(state, loadedBatch('r', 1, 4), {
    ...loadedBatch('s', 1, 0),
    error: { type: 'LoadFailed', message: 'bad rows' },
  });
  expect(state.loadedSoFar()).toMatchObject({ files: 1, rows: 4, rules: ['r'], error: { type: 'LoadFailed' } });
  expect(() => state.result()).toThrow('bad rows');
});

test('pages show a thousand announced files each', () => {
  const state = play(Array.from({ length: 1001 }, (_file, at) => `r/${at}#1`));
  expect([0, 1, 2].map((page) => state.page(page).length)).toEqual([1000, 1, 0]);
});
