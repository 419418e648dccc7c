import type { FileEvent } from '../../src/windows/fileEvent';
import type { BatchLimits } from '../../src/workflows/contract';
import { Gathering } from '../../src/workflows/gathering';

/** `folder/name@seconds`, of ten bytes. */
function file(text: string): FileEvent {
  const [, path = '', time = ''] = /^(.*)@(.*)$/.exec(text) ?? [];
  const version = { url: `gs://b/${path}`, generation: '1', size: 10, updatedMs: Number(time) * 1000 };
  return { ...version, ruleId: 'r', eventId: path };
}

function gather(limits: BatchLimits | undefined, ...texts: string[]): Gathering {
  const gathering = new Gathering(undefined, limits);
  gathering.add(texts.map(file));
  return gathering;
}

/** Takes batches, each as `owner: files`. */
const take = (gathering: Gathering, beforeDue: boolean) =>
  gathering
    .take(beforeDue)
    .map(({ owner, files }) => `${owner.eventId}: ${files.map(({ eventId }) => eventId).join(' ')}`);

const FIVE = ['a@1', 'b@1', 'c@1', 'd@1', 'e@1'];

describe('limits close a batch before due', () => {
  test.each<[string, BatchLimits | undefined, boolean, string[]]>([
    ['without limits, no batch is ready', undefined, false, []],
    ['below its limit, a batch is not ready', { maxFiles: 6 }, false, []],
    ['a batch that reaches its limit is ready', { maxFiles: 5 }, true, ['a: a b c d e']],
    ['of more files, one full batch is taken and the rest waits', { maxFiles: 2 }, true, ['a: a b']],
    ['the file that reaches the limit of bytes is in the batch', { maxBytes: 25 }, true, ['a: a b c']],
    ['a file larger than the limit is a batch', { maxBytes: 5 }, true, ['a: a']],
    ['of two limits, the one that is reached first counts', { maxFiles: 4, maxBytes: 20 }, true, ['a: a b']],
  ])('%s', (_, limits, ready, batches) => {
    const gathering = gather(limits, ...FIVE);
    expect(gathering.batchReady).toBe(ready);
    expect(ready ? take(gathering, true) : []).toEqual(batches);
  });

  test('when the window is due, the last files make a batch too', () => {
    const gathering = gather({ maxFiles: 2 }, ...FIVE);
    expect([1, 2, 3].flatMap(() => take(gathering, false))).toEqual(['a: a b', 'c: c d', 'e: e']);
    expect(gathering.pending).toBe(false);
  });

  test('files that still wait make a batch with later files', () => {
    const gathering = gather({ maxFiles: 2 }, 'a@1', 'b@1', 'c@1');
    expect(take(gathering, true)).toEqual(['a: a b']);
    expect([gathering.pending, gathering.batchReady]).toEqual([true, false]);
    gathering.add([file('d@1')]);
    expect(gathering.batchReady).toBe(true);
    expect(take(gathering, true)).toEqual(['c: c d']);
  });

  test('spilled files count towards the limits', () => {
    const gathering = gather({ maxBytes: 25 }, 'a@1', 'b@1');
    gathering.replaceSpilled({ ruleId: 'r', files: [file('a@1')] }, { url: 'gs://j/1', files: 1 });
    gathering.add([file('a@1'), file('c@1')]);
    expect(gathering.batchReady).toBe(true);
    expect(gathering.take(true)).toMatchObject([
      { owner: { eventId: 'a' }, spilled: [{ url: 'gs://j/1', bytes: 10 }] },
    ]);
  });
});

describe('completion files close a batch before due', () => {
  const complete = (path: string, seconds: number, below = false) => ({
    folder: `gs://b/${path}`,
    below,
    updatedMs: seconds * 1000,
  });
  test.each<[string, ReturnType<typeof complete>[], boolean]>([
    ['without a completion file, the batch is not ready', [], false],
    ['one of two complete folders is not enough', [complete('x', 9)], false],
    ['a batch is ready when both folders are complete', [complete('x', 9), complete('y/z', 9)], true],
    ['a file younger than the completion file is not covered', [complete('x', 9), complete('y/z', 1)], false],
    [
      'a completion file that is written again covers it',
      [complete('x', 9), complete('y/z', 1), complete('y/z', 2)],
      true,
    ],
    ['a folder above does not cover the folders below', [complete('x', 9), complete('y', 9)], false],
    ['a folder above covers them when the rule says so', [complete('x', 9), complete('y', 9, true)], true],
    ['the bucket covers all its folders', [complete('', 9, true)], true],
    [
      'a folder whose name begins alike covers nothing else',
      [complete('x', 9), complete('y/zz', 9), complete('y/', 9)],
      false,
    ],
  ])('%s', (_, folders, ready) => {
    const gathering = gather({ until: true }, 'x/a@1', 'y/z/b@2');
    for (const folder of folders) gathering.addComplete(folder);
    expect(gathering.batchReady).toBe(ready);
    if (ready) expect(take(gathering, true)).toEqual(['x/a: x/a y/z/b']);
  });

  test('a run that continues as new keeps the complete folders', () => {
    const gathering = gather({ until: true }, 'x/a@1');
    gathering.replaceSpilled({ ruleId: 'r', files: [file('x/a@1')] }, { url: 'gs://j/1', files: 1 });
    gathering.addComplete(complete('x', 9));
    expect(new Gathering(gathering.carry(), { until: true }).batchReady).toBe(true);
  });
});
