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

const batches = (gathering: Gathering, early: boolean) =>
  gathering.take(early).map(({ owner, files }) => `${owner.eventId}: ${files.map(({ eventId }) => eventId).join(' ')}`);

const FIVE = ['a@1', 'b@1', 'c@1', 'd@1', 'e@1'];

describe('limits', () => {
  test.each<[string, BatchLimits | undefined, boolean, string[]]>([
    ['none', undefined, false, []],
    ['not reached', { maxFiles: 6 }, false, []],
    ['reached', { maxFiles: 5 }, true, ['a: a b c d e']],
    ['passed: full batches go, the rest waits', { maxFiles: 2 }, true, ['a: a b']],
    ['bytes: the file that reaches the limit is in', { maxBytes: 25 }, true, ['a: a b c']],
    ['a file larger than the limit', { maxBytes: 5 }, true, ['a: a']],
    ['whichever comes first', { maxFiles: 4, maxBytes: 20 }, true, ['a: a b']],
  ])('%s', (_, limits, closes, early) => {
    const gathering = gather(limits, ...FIVE);
    expect(gathering.closes).toBe(closes);
    expect(closes ? batches(gathering, true) : []).toEqual(early);
  });

  test('when the window is due, what is left goes too, in batches', () => {
    const gathering = gather({ maxFiles: 2 }, ...FIVE);
    expect([1, 2, 3].flatMap(() => batches(gathering, false))).toEqual(['a: a b', 'c: c d', 'e: e']);
    expect(gathering.pending).toBe(false);
  });

  test('what waits on makes a batch with what comes', () => {
    const gathering = gather({ maxFiles: 2 }, 'a@1', 'b@1', 'c@1');
    expect(batches(gathering, true)).toEqual(['a: a b']);
    expect([gathering.pending, gathering.closes]).toEqual([true, false]);
    gathering.add([file('d@1')]);
    expect(gathering.closes).toBe(true);
    expect(batches(gathering, true)).toEqual(['c: c d']);
  });

  test('files put aside count', () => {
    const gathering = gather({ maxBytes: 25 }, 'a@1', 'b@1');
    gathering.stashed('r', [file('a@1')], { url: 'gs://j/1', files: 1 });
    gathering.add([file('a@1'), file('c@1')]);
    expect(gathering.closes).toBe(true);
    expect(gathering.take(true)).toMatchObject([
      { owner: { eventId: 'a' }, spilled: [{ url: 'gs://j/1', bytes: 10 }] },
    ]);
  });
});

describe('complete folders', () => {
  const marker = (path: string, seconds: number, below = false) => ({
    folder: `gs://b/${path}`,
    below,
    updatedMs: seconds * 1000,
  });
  test.each<[string, ReturnType<typeof marker>[], boolean]>([
    ['none', [], false],
    ['one of two', [marker('x', 9)], false],
    ['both', [marker('x', 9), marker('y/z', 9)], true],
    ['a file is younger', [marker('x', 9), marker('y/z', 1)], false],
    ['written again', [marker('x', 9), marker('y/z', 1), marker('y/z', 2)], true],
    ['a folder above, on its own', [marker('x', 9), marker('y', 9)], false],
    ['a folder above, for those below', [marker('x', 9), marker('y', 9, true)], true],
    ['the bucket', [{ ...marker('', 9, true) }], true],
    ['a name that begins alike', [marker('x', 9), marker('y/zz', 9), marker('y/', 9)], false],
  ])('%s', (_, markers, closes) => {
    const gathering = gather({ until: true }, 'x/a@1', 'y/z/b@2');
    for (const folder of markers) gathering.complete(folder);
    expect(gathering.closes).toBe(closes);
    if (closes) expect(batches(gathering, true)).toEqual(['x/a: x/a y/z/b']);
  });

  test('a run that continues knows them', () => {
    const gathering = gather({ until: true }, 'x/a@1');
    gathering.stashed('r', [file('x/a@1')], { url: 'gs://j/1', files: 1 });
    gathering.complete(marker('x', 9));
    expect(new Gathering(gathering.carry(), { until: true }).closes).toBe(true);
  });
});
