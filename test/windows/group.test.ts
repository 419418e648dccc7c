import { groupOf } from '../../src/windows/group';

test.each([
  [
    'a group ends as a window of that length does',
    15,
    1_700_000_003_999,
    { id: 'ds.t_1700000010', end: 1_700_000_010 },
  ],
  [
    'a file at the end of one belongs to the next',
    15,
    1_700_000_010_000,
    { id: 'ds.t_1700000025', end: 1_700_000_025 },
  ],
  ['without a length there is one group, without end', 0, 1_700_000_003_000, { id: 'ds.t' }],
])('%s', (_, durationInSec, updatedMs, expected) => {
  expect(groupOf('ds.t', durationInSec, updatedMs)).toEqual(expected);
});
