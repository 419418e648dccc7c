import type { WindowEnd } from '../../src/workflows/groupContract';
import { GroupMembers } from '../../src/workflows/groupMembers';

/** `+w` joins, `-w` ends well, `!w` fails, `~w` is abandoned, `=w` has loaded nothing. */
function play(...moves: readonly string[]): GroupMembers {
  const members = new GroupMembers();
  const outcomes: Record<string, WindowEnd['outcome']> = { '-': 'done', '=': 'done', '!': 'failed', '~': 'abandoned' };
  for (const move of moves) {
    const windowId = move.slice(1);
    const outcome = outcomes[move.charAt(0)];
    const loaded = move.startsWith('-');
    if (outcome)
      members.left({ windowId, outcome, rules: loaded ? [`rule of ${windowId}`] : [], files: loaded ? 2 : 0 });
    else members.joined(windowId);
  }
  return members;
}

test.each<[string, string[], boolean, object]>([
  ['one that is open', ['+a'], false, { open: 1, failed: 0, ended: 0 }],
  ['all ended', ['+a', '+b', '-b', '-a'], true, { open: 0, failed: 0, ended: 2 }],
  ['one still open', ['+a', '+b', '-b'], false, { open: 1, failed: 0, ended: 1 }],
  ['the same end told twice', ['+a', '+b', '-b', '-b'], false, { open: 1, failed: 0, ended: 1 }],
  ['the end of a stranger', ['+a', '-x'], false, { open: 1, failed: 0, ended: 0 }],
  ['joined twice', ['+a', '+a', '-a'], true, { open: 0, failed: 0, ended: 1 }],
  ['a second run for late files', ['+a', '-a', '+a'], false, { open: 1, failed: 0, ended: 1 }],
  ['one that failed', ['+a', '+b', '-a', '!b'], false, { open: 0, failed: 1, ended: 1 }],
  ['one that failed and was reset', ['+a', '!a', '-a'], true, { open: 0, failed: 0, ended: 1 }],
  ['one that failed and runs again', ['+a', '!a', '+a'], false, { open: 1, failed: 0, ended: 0 }],
  ['one that was abandoned', ['+a', '~a'], true, { open: 0, failed: 0, ended: 1 }],
])('%s', (_, moves, complete, counts) => {
  const members = play(...moves);
  expect([members.complete, members.counts]).toEqual([complete, counts]);
  expect(new GroupMembers(members.carry())).toEqual(members);
});

test('what held it and what it loaded', () => {
  expect(play('+a', '!a', '+b').heldBy).toEqual([]);
  expect(play('+a', '!a', '+b', '-b').heldBy).toEqual(['a']);
  const members = play('+a', '+b', '+c', '-a', '-b', '=c');
  expect([members.rules, members.files]).toEqual([['rule of a', 'rule of b'], 4]);
});
