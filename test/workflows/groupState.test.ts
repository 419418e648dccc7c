import type { WindowGroupInput } from '../../src/workflows/groupContract';
import { GroupState } from '../../src/workflows/groupState';
import { event } from './examples';

const INPUT: WindowGroupInput = {
  group: { id: 'ds.t_100', end: 100 },
  dest: 'ds.t',
  groupId: '40',
  settleInSec: 5,
  owner: event('r/a#1'),
};

/** `+w` joins, `-w` ends well with 2 files of rule `r`, `!w` fails; `flush` and `abandon` are requests of operators. */
function play(...moves: readonly string[]): GroupState {
  const state = new GroupState(INPUT);
  for (const move of moves) {
    const windowId = move.slice(1);
    if (move === 'flush') state.requests.flushed = true;
    else if (move === 'abandon') state.requests.abandoned = 'wrong table';
    else if (move.startsWith('+')) state.members.joined(windowId);
    else if (move.startsWith('-')) state.members.left({ windowId, outcome: 'done', rules: ['r'], files: 2 });
    else state.members.left({ windowId, outcome: 'failed', rules: [], files: 0 });
  }
  return state;
}

test.each<[string, string[], number, boolean]>([
  ['a group waits for its end', ['+a', '-a'], 104_999, false],
  ['a group acts after its end', ['+a', '-a'], 105_000, true],
  ['a group waits for open windows', ['+a', '+b', '-a'], 105_000, false],
  ['a group waits for failed windows', ['+a', '!a'], 105_000, false],
  ['a flushed group acts at once', ['+a', '!a', 'flush'], 0, true],
  ['an abandoned group ends at once', ['+a', 'abandon'], 0, true],
])('%s', (_, moves, nowMs, complete) => {
  expect(play(...moves).isComplete(nowMs)).toBe(complete);
});

test('a group acts for the rules that loaded files, and for none when it was abandoned', () => {
  expect(play('+a', '-a').rules).toEqual(['r']);
  expect(play('+a', '-a', 'abandon').rules).toEqual([]);
});

test('a group that waits only for failed windows is parked and names them', () => {
  const state = play('+a', '+b', '!b', '-a');
  expect(state.status()).toMatchObject({
    stage: 'parked',
    lastError: 'waits for windows that failed: b',
    due: 100,
    announced: 2,
    windows: { open: 0, failed: 1, ended: 1 },
  });
  expect(play('+a', '+b', '!b').status()).toMatchObject({ stage: 'gathering' });
  state.stage = 'acting';
  expect(state.status()).toMatchObject({ stage: 'acting' });
});

test('the result of a group has its windows, files and the jobs of all rules', () => {
  const state = play('+a', '+b', '-a', '!b');
  for (const ruleId of ['r', 's']) state.addProcess(ruleId).endedJobIds.push(`${ruleId}-job`);
  expect(state.result()).toEqual({
    dest: 'ds.t',
    groupId: '40',
    windows: 2,
    files: 2,
    jobIds: ['r-job', 's-job'],
  });
});

test('a group shows the actions of a rule once they run a job', () => {
  const state = play('+a', '-a', 'flush');
  const process = state.addProcess('r');
  expect(state.status().processes).toEqual([]);
  process.enter('acting', { jobId: 'x', state: 'running' });
  expect(state.status().processes).toMatchObject([{ ruleId: 'r', eventId: 'r/a#1', stage: 'acting', files: 0 }]);
});
