import { type LedgerEntry, notYetLoaded } from '../../src/ledger/entry';
import { versionKey } from '../../src/windows/fileVersion';

const files = (keys: readonly string[]) =>
  keys.map((key) => {
    const [url = '', generation = ''] = key.split('#');
    return { url, generation, size: 1, updatedMs: 0 };
  });

const part = (keys: readonly string[]): LedgerEntry => ({
  workflowId: 'w',
  eventId: '1',
  ruleId: 'r#0',
  jobId: 'j',
  projectId: 'p',
  files: files(keys),
});

describe('what is left to load', () => {
  test.each([
    ['everything without a part', ['b#1', 'a#1'], [], ['a#1', 'b#1']],
    ['what no part holds', ['a#1', 'b#1', 'c#1'], [['a#1'], ['c#1']], ['b#1']],
    ['nothing of what is loaded', ['a#1'], [['a#1']], []],
    ['a file that was overwritten since', ['a#2'], [['a#1']], ['a#2']],
    ['the newest of two generations', ['a#2', 'a#1'], [], ['a#2']],
    ['no older generation of a file that is loaded', ['a#1'], [['a#2']], []],
    ['what is newer than all its loaded generations', ['a#3'], [['a#2'], ['a#1']], ['a#3']],
  ])('%s', (_name, candidates, parts, expected) => {
    expect(notYetLoaded(files(candidates), parts.map(part)).map(versionKey)).toEqual(expected);
  });
});
