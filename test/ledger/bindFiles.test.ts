import { type BindableBatch, nextEntry } from '../../src/ledger/bindFiles';
import type { StoredEntry } from '../../src/ledger/entryReader';
import { versionKey } from '../../src/windows/fileVersion';
import { entryOf, filesOf } from './entries';

/** An entry by its event ID, state and files. Its URL is its position. */
type Stored = readonly [eventId: string, state: string, files: readonly string[]];

const stored = ([eventId, state, keys]: Stored, at: number): StoredEntry => ({
  url: `${at + 1}`,
  number: at + 1,
  state,
  entry: entryOf(eventId, keys),
});

/** A batch of event 1 with the files a#1 and b#1, all announced. */
function batchOf(resumedEntries: readonly string[] = []): BindableBatch {
  const files = filesOf(['a#1', 'b#1']);
  const announced = files.map((file, at) => ({ ...file, eventId: `${at + 1}`, ruleId: 'r#orders' }));
  return { owner: { eventId: '1', url: 'a', updatedMs: 0 }, files, announced, resumedEntries };
}

test.each<[string, readonly Stored[], readonly string[], object]>([
  [
    "the batch's own unfinished entry is resumed",
    [['1', 'intent', ['a#1', 'b#1']]],
    [],
    { kind: 'resume', url: '1', nextOwner: undefined },
  ],
  [
    'an unfinished entry of another process is resumed, and the first file that is left owns the next batch',
    [['9', 'intent', ['x#1', 'a#1']]],
    [],
    { kind: 'resume', url: '1', nextOwner: '2' },
  ],
  [
    'an unfinished entry goes before a confirmed one of the batch itself',
    [
      ['1', 'confirmed', ['a#1']],
      ['9', 'intent', ['x#1']],
    ],
    [],
    { kind: 'resume', url: '2', nextOwner: '2' },
  ],
  [
    "the batch's own confirmed entry is resumed for its actions",
    [['1', 'confirmed', ['a#1', 'b#1']]],
    [],
    { kind: 'resume', url: '1', nextOwner: undefined },
  ],
  [
    'a confirmed entry of another process is not resumed, and its files are left out',
    [['9', 'confirmed', ['a#1']]],
    [],
    { kind: 'write', owner: '1', files: ['b#1'] },
  ],
  [
    'a retired entry counts as absent',
    [['1', 'retired', ['a#1', 'b#1']]],
    [],
    { kind: 'write', owner: '1', files: ['a#1', 'b#1'] },
  ],
  [
    "after the batch's own entry is done, a new file owns a new entry",
    [['1', 'done', ['a#1']]],
    [],
    { kind: 'write', owner: '2', files: ['b#1'] },
  ],
  [
    "after the batch's own entry is done, nothing is left without new files",
    [['1', 'done', ['a#1', 'b#1']]],
    [],
    { kind: 'nothing' },
  ],
  [
    'an entry that this run has resumed already is not resumed again',
    [['1', 'intent', ['a#1']]],
    ['1'],
    { kind: 'write', owner: '2', files: ['b#1'] },
  ],
  [
    'an overwritten file is a new file',
    [['1', 'done', ['a#0', 'b#1']]],
    [],
    { kind: 'write', owner: '1', files: ['a#1'] },
  ],
])('%s', (_name, entries, resumedEntries, expected) => {
  const next = nextEntry(entries.map(stored), batchOf(resumedEntries));
  const shown =
    next.kind === 'resume'
      ? { kind: next.kind, url: next.stored.url, nextOwner: next.nextOwner?.eventId }
      : next.kind === 'write'
        ? { kind: next.kind, owner: next.owner.eventId, files: next.files.map(versionKey) }
        : { kind: next.kind };
  expect(shown).toEqual(expected);
});
