import {
  confirmedJobOf,
  isLoaded,
  type LedgerState,
  notYetLoaded,
  ownerOf,
  settledMetadata,
  stateOf,
} from '../../src/ledger/entry';
import { versionKey } from '../../src/windows/fileVersion';
import { entryOf, filesOf } from './entries';

test.each([
  ['everything is left to load without an entry', ['b#1', 'a#1'], [], ['a#1', 'b#1']],
  ['the files that no entry contains are left to load', ['a#1', 'b#1', 'c#1'], [['a#1'], ['c#1']], ['b#1']],
  ['a loaded file is not left to load', ['a#1'], [['a#1']], []],
  ['a file that was overwritten since is left to load', ['a#2'], [['a#1']], ['a#2']],
  ['of two generations, the newer one is left to load', ['a#2', 'a#1'], [], ['a#2']],
  ['an older generation of a loaded file is not left to load', ['a#1'], [['a#2']], []],
  ['a generation newer than all loaded ones is left to load', ['a#3'], [['a#2'], ['a#1']], ['a#3']],
])('%s', (_name, candidates, entries, expected) => {
  const loaded = entries.map((files) => entryOf('1', files));
  expect(notYetLoaded(filesOf(candidates), loaded).map(versionKey)).toEqual(expected);
});

test.each<[LedgerState, boolean]>([
  ['intent', false],
  ['confirmed', true],
  ['done', true],
  ['retired', false],
])('the rows of an entry in state %s are loaded: %s', (state, loaded) => {
  const metadata = settledMetadata(state, ['j'], 5);
  expect(stateOf(metadata)).toBe(state);
  expect(isLoaded(metadata)).toBe(loaded);
});

test('an entry without metadata is an intent', () => {
  expect(stateOf({})).toBe('intent');
});

test('a confirmed entry names its first job and its rows', () => {
  expect(confirmedJobOf(settledMetadata('confirmed', ['j', 'k'], 5))).toEqual({ jobId: 'j', rows: 5 });
  expect(confirmedJobOf(settledMetadata('done', ['j'], 5))).toBeUndefined();
  expect(confirmedJobOf({})).toBeUndefined();
});

test('an entry without a recorded owner is owned by its first file', () => {
  const entry = entryOf('7', ['a#1', 'b#1']);
  expect(ownerOf(entry)).toEqual({ eventId: '7', url: 'a', updatedMs: 0 });
  expect(ownerOf({ ...entry, owner: { url: 'c', updatedMs: 5 } })).toEqual({ eventId: '7', url: 'c', updatedMs: 5 });
});
