import { groupOf } from '../../src/windows/group';

test.each([
  [
    'a group ends when a window of the same duration does',
    15,
    1_700_000_003_999,
    { id: 'ds.t_1700000010', end: 1_700_000_010 },
  ],
  [
    'a file at the end of a group belongs to the next group',
    15,
    1_700_000_010_000,
    { id: 'ds.t_1700000025', end: 1_700_000_025 },
  ],
  ['a group without a duration never ends', 0, 1_700_000_003_000, { id: 'ds.t' }],
])('%s', (_, durationInSec, updatedMs, expected) => {
  expect(groupOf('ds.t', durationInSec, updatedMs)).toEqual(expected);
});
