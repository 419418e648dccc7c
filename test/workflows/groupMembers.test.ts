import type { WindowEnd } from '../../src/workflows/groupContract';
import { GroupMembers } from '../../src/workflows/groupMembers';

/** `+w` joins, `-w` ends well, `!w` fails, `~w` is abandoned, `=w` ends well without files. */
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
  ['an open window holds the group', ['+a'], false, { open: 1, failed: 0, ended: 0 }],
  ['a group is complete when all windows have ended', ['+a', '+b', '-b', '-a'], true, { open: 0, failed: 0, ended: 2 }],
  ['one open window of two holds the group', ['+a', '+b', '-b'], false, { open: 1, failed: 0, ended: 1 }],
  ['an end that is reported twice counts once', ['+a', '+b', '-b', '-b'], false, { open: 1, failed: 0, ended: 1 }],
  ['the end of a window that did not join is ignored', ['+a', '-x'], false, { open: 1, failed: 0, ended: 0 }],
  ['a window that joins twice is one member', ['+a', '+a', '-a'], true, { open: 0, failed: 0, ended: 1 }],
  ['a second run for late files opens the window again', ['+a', '-a', '+a'], false, { open: 1, failed: 0, ended: 1 }],
  ['a failed window holds the group', ['+a', '+b', '-a', '!b'], false, { open: 0, failed: 1, ended: 1 }],
  ['a failed window that was reset and succeeds has ended', ['+a', '!a', '-a'], true, { open: 0, failed: 0, ended: 1 }],
  ['a failed window that runs again is open', ['+a', '!a', '+a'], false, { open: 1, failed: 0, ended: 0 }],
  ['an abandoned window has ended', ['+a', '~a'], true, { open: 0, failed: 0, ended: 1 }],
])('%s', (_, moves, complete, counts) => {
  const members = play(...moves);
  expect([members.complete, members.counts]).toEqual([complete, counts]);
  expect(new GroupMembers(members.carry())).toEqual(members);
});

test('a group names the failed windows only when it waits for no others, and sums up rules and files', () => {
  expect(play('+a', '!a', '+b').heldBy).toEqual([]);
  expect(play('+a', '!a', '+b', '-b').heldBy).toEqual(['a']);
  const members = play('+a', '+b', '+c', '-a', '-b', '=c');
  expect([members.rules, members.files]).toEqual([['rule of a', 'rule of b'], 4]);
});
