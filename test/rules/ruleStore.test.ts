import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LocalFolder } from '../../src/objects/localFolder';
import type { ObjectInfo, ObjectStore } from '../../src/objects/objectStore';
import { RuleStore } from '../../src/rules/ruleStore';

let folder: string;
let edits = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bqtail-rules-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const rule = (table: string, more: object = {}) =>
  JSON.stringify({ When: { Prefix: `/${table}/` }, Dest: { Table: table }, ...more });
const query = (SQLURL: string) => ({ OnSuccess: [{ Action: 'query', Request: { SQLURL, Dest: 'd.q' } }] });

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

/** Writes a file with a unique modification time, even when edits follow each other quickly. */
async function edit(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const time = 1_700_000_000 + ++edits;
  await utimes(path, time, time);
  return path;
}

/** Storage that must not be used: rules come from the folder. */
const NONE: ObjectStore = {
  read: () => Promise.reject(new Error('asked to read')),
  stat: () => Promise.reject(new Error('asked for an object')),
  list: () => Promise.reject(new Error('asked to list')),
  write: () => Promise.reject(new Error('asked to write')),
  change: () => Promise.reject(new Error('asked to change')),
  lines: () => {
    throw new Error('asked for lines');
  },
};

/** A store with a manual clock, and its reports. */
function storeOf(rulesUrl = folder, objects = NONE) {
  const clock = { ms: 0 };
  const reports: string[] = [];
  const store = new RuleStore(
    rulesUrl,
    60_000,
    objects,
    {
      loaded: (url, rules) => reports.push(`loaded ${rules} ${nameOf(url)}`),
      refused: ({ code, url }) => reports.push(`refused ${code} ${nameOf(url)}`),
      warned: ({ code, url }) => reports.push(`warned ${code} ${nameOf(url)}`),
    },
    () => clock.ms,
  );
  const tables = async () => (await store.current()).rules.map(({ dest }) => dest.table);
  const nextScan = async () => {
    clock.ms += 60_000;
    return tables();
  };
  return { store, clock, reports, tables, nextScan };
}

describe('LocalFolder', () => {
  test('lists the files of all nested folders, with time and size', async () => {
    await edit('a.json', '12345');
    await edit('sub/deep/b.yaml', '');
    const found = await new LocalFolder().list(`${folder}/`);
    expect(found.map(({ url, size }) => [url, size]).sort()).toEqual([
      [`${folder}/a.json`, 5],
      [`${folder}/sub/deep/b.yaml`, 0],
    ]);
    expect(found.map(({ updatedMs }) => updatedMs / 1000).sort()).toEqual([
      1_700_000_000 + edits - 1,
      1_700_000_000 + edits,
    ]);
  });

  test('reads listed files, also by file:// URLs and names that need escapes', async () => {
    await edit('a b#c%20.json', 'odd');
    const [file] = await new LocalFolder().list(pathToFileURL(folder).href);
    expect(await new LocalFolder().read(file?.url ?? '')).toBe('odd');
  });

  test('has no text for a missing file', async () => {
    expect(await new LocalFolder().read(join(folder, 'none.json'))).toBeUndefined();
  });

  test('cannot list a missing folder', async () => {
    await expect(new LocalFolder().list(join(folder, 'none'))).rejects.toThrow('ENOENT');
  });
});

describe('rules of a folder', () => {
  test('are read on first use, from all rule files of all nested folders', async () => {
    await edit('a.json', rule('ds.a'));
    await edit('sub/b.yaml', 'Dest: {Table: ds.b}');
    await edit('sub/c.yml', 'Dest: {Table: ds.c}');
    await edit('_.cache', '');
    const { tables, reports } = storeOf();
    expect(await tables()).toEqual(['ds.a', 'ds.b']);
    expect(reports.sort()).toEqual(['loaded 1 a.json', 'loaded 1 b.yaml', 'warned FileIgnored c.yml']);
  });

  test('are not read from other files, which are reported once per version unless a rule refers to them', async () => {
    await edit('a.json', rule('ds.a', query(await edit('a.sql', 'SELECT 1'))));
    await edit('rules.txt', '');
    const { reports, nextScan } = storeOf();
    expect(await nextScan()).toEqual(['ds.a']);
    await nextScan();
    expect(reports.sort()).toEqual(['loaded 1 a.json', 'warned FileIgnored rules.txt']);
    await edit('rules.txt', 'a: 1');
    await nextScan();
    expect(reports.filter((line) => line.includes('rules.txt'))).toHaveLength(2);
  });

  test('are read by a file:// URL', async () => {
    await edit('with space/a.json', rule('ds.a'));
    const { tables } = storeOf(pathToFileURL(folder).href);
    expect(await tables()).toEqual(['ds.a']);
  });

  test('are scanned again after checkInMs, and not earlier', async () => {
    const { clock, tables } = storeOf();
    expect(await tables()).toEqual([]);
    await edit('a.json', rule('ds.a'));
    clock.ms = 59_999;
    expect(await tables()).toEqual([]);
    clock.ms = 60_000;
    expect(await tables()).toEqual(['ds.a']);
  });

  test('change when their file changes, and are removed with it', async () => {
    const path = await edit('a.json', rule('ds.a'));
    await edit('b.json', rule('ds.b'));
    const { tables, nextScan } = storeOf();
    await tables();
    await edit('a.json', rule('ds.new'));
    expect(await nextScan()).toEqual(['ds.new', 'ds.b']);
    await rm(path);
    expect(await nextScan()).toEqual(['ds.b']);
    await edit('a.json', rule('ds.back'));
    expect(await nextScan()).toEqual(['ds.back', 'ds.b']);
  });

  test('are reported as refused when their file is invalid, while other files are in use', async () => {
    await edit('bad.json', '{"Dest": ');
    await edit('good.json', rule('ds.good'));
    await edit('warned.json', rule('ds.warned', { Whenn: {} }));
    const { tables, reports, nextScan } = storeOf();
    expect(await tables()).toEqual(['ds.good', 'ds.warned']);
    expect(reports.sort()).toEqual([
      'loaded 1 good.json',
      'loaded 1 warned.json',
      'refused SyntaxInvalid bad.json',
      'warned KeyUnknown warned.json',
    ]);
    await nextScan();
    expect(reports).toHaveLength(4);
  });

  test('stay in use in their last valid version when an edit makes them invalid', async () => {
    await edit('a.json', rule('ds.a'));
    const { tables, reports, nextScan } = storeOf();
    await tables();
    await edit('a.json', '{');
    expect(await nextScan()).toEqual(['ds.a']);
    expect(reports).toEqual(['loaded 1 a.json', 'refused SyntaxInvalid a.json']);
    await edit('a.json', rule('ds.mended'));
    expect(await nextScan()).toEqual(['ds.mended']);
  });

  test('are found by ID, with a scan of the folder for an unknown ID', async () => {
    const { store, tables } = storeOf();
    await tables();
    const path = await edit('a.json', rule('ds.a', { ID: 'one' }));
    expect((await store.byId(`${path}#one`))?.dest.table).toBe('ds.a');
    expect(await store.byId(`${path}#1`)).toBeUndefined();
  });

  test('are scanned once for simultaneous uses', async () => {
    await edit('a.json', rule('ds.a', { Whenn: {} }));
    const { tables, reports } = storeOf();
    expect(await Promise.all([tables(), tables(), tables()])).toEqual([['ds.a'], ['ds.a'], ['ds.a']]);
    expect(reports).toEqual(['warned KeyUnknown a.json', 'loaded 1 a.json']);
  });

  test('cannot be read when the folder is missing', async () => {
    const { tables } = storeOf(join(folder, 'none'));
    await expect(tables()).rejects.toThrow('ENOENT');
  });
});

describe('texts that rules refer to', () => {
  test('are inserted into the requests', async () => {
    const sql = await edit('q.sql', 'SELECT 1');
    await edit('a.json', rule('ds.a', query(sql)));
    const { store } = storeOf();
    expect((await store.current()).rules[0]?.onSuccess[0]?.request).toMatchObject({ SQL: 'SELECT 1' });
  });

  test.each([
    ['is missing', 'none.sql'],
    ['is a folder', '.'],
  ])('keep their file from being loaded while one %s, which is reported once', async (_name, missing) => {
    await edit('a.json', rule('ds.a', query(join(folder, missing))));
    await edit('b.json', rule('ds.b'));
    const { tables, reports, nextScan } = storeOf();
    expect(await tables()).toEqual(['ds.b']);
    expect(await nextScan()).toEqual(['ds.b']);
    expect(reports.sort()).toEqual(['loaded 1 b.json', 'refused ResourceUnreadable a.json']);
  });

  test('are read again until they exist', async () => {
    const sql = join(folder, 'later.sql');
    await edit('a.json', rule('ds.a', query(sql)));
    const { tables, nextScan } = storeOf();
    expect(await tables()).toEqual([]);
    await edit('later.sql', 'SELECT 1');
    expect(await nextScan()).toEqual(['ds.a']);
  });

  test('do not affect other files when their URL is invalid', async () => {
    await edit('a.json', rule('ds.a', query('gs:///x')));
    await edit('b.json', rule('ds.b'));
    expect(await storeOf().tables()).toEqual(['ds.b']);
  });
});

describe('rules of a gs:// prefix', () => {
  /** Objects in memory, with counts of listings and reads. */
  function objectsOf(texts: Map<string, string>) {
    const state = { outage: false, listings: 0, reads: 0 };
    const list = async (): Promise<ObjectInfo[]> => {
      state.listings++;
      if (state.outage) throw new Error('503');
      return [...texts].map(([url, text]) => ({
        url,
        generation: `${text.length}`,
        size: 1,
        updatedMs: 0,
        metadata: {},
      }));
    };
    const read = async (url: string) => {
      state.reads++;
      return texts.get(url);
    };
    return { state, objects: { ...NONE, list, read } };
  }
  const url = 'gs://c/Rules/a.json';

  test('are read only when their generation changed', async () => {
    const texts = new Map([[url, rule('ds.a')]]);
    const { state, objects } = objectsOf(texts);
    const { tables, nextScan } = storeOf('gs://c/Rules', objects);
    expect(await tables()).toEqual(['ds.a']);
    expect(await nextScan()).toEqual(['ds.a']);
    expect(state).toMatchObject({ listings: 2, reads: 1 });
    texts.set(url, rule('ds.longer'));
    expect(await nextScan()).toEqual(['ds.longer']);
  });

  test('stay in use during an outage of the storage, and are scanned again after checkInMs', async () => {
    const { state, objects } = objectsOf(new Map([[url, rule('ds.a')]]));
    const { tables, nextScan } = storeOf('gs://c/Rules', objects);
    await tables();
    state.outage = true;
    expect(await nextScan()).toEqual(['ds.a']);
    expect(await tables()).toEqual(['ds.a']);
    expect(state.listings).toBe(2);
  });

  test('are not considered missing during an outage of the storage', async () => {
    const { state, objects } = objectsOf(new Map([[url, rule('ds.a')]]));
    const { store, tables } = storeOf('gs://c/Rules', objects);
    await tables();
    state.outage = true;
    await expect(store.byId('gs://c/Rules/b.json#0')).rejects.toThrow('503');
    const known = (await store.current()).rules[0]?.id ?? '';
    expect((await store.byId(known))?.dest.table).toBe('ds.a');
  });

  test('cannot be read during an outage at the start', async () => {
    const { state, objects } = objectsOf(new Map());
    state.outage = true;
    await expect(storeOf('gs://c/Rules', objects).tables()).rejects.toThrow('503');
  });
});
