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

/** Writes a file with a time of its own, however fast one edit follows another. */
async function edit(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const time = 1_700_000_000 + ++edits;
  await utimes(path, time, time);
  return path;
}

/** Storage that must not be asked: rules come from the folder. */
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

/** A store with a clock that moves by hand, and what it told. */
function storeOf(rulesUrl = folder, objects = NONE) {
  const clock = { ms: 0 };
  const told: string[] = [];
  const store = new RuleStore(
    rulesUrl,
    60_000,
    objects,
    {
      loaded: (url, rules) => told.push(`loaded ${rules} ${nameOf(url)}`),
      refused: ({ code, url }) => told.push(`refused ${code} ${nameOf(url)}`),
      doubtful: ({ code, url }) => told.push(`doubtful ${code} ${nameOf(url)}`),
    },
    () => clock.ms,
  );
  const tables = async () => (await store.current()).rules.map(({ dest }) => dest.table);
  const nextScan = async () => {
    clock.ms += 60_000;
    return tables();
  };
  return { store, clock, told, tables, nextScan };
}

describe('LocalFolder', () => {
  test('lists the files of all folders below, with time and size', async () => {
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

  test('reads what it lists, also by file:// and with names that need escapes', async () => {
    await edit('a b#c%20.json', 'odd');
    const [file] = await new LocalFolder().list(pathToFileURL(folder).href);
    expect(await new LocalFolder().read(file?.url ?? '')).toBe('odd');
  });

  test('has no text for what is not there', async () => {
    expect(await new LocalFolder().read(join(folder, 'none.json'))).toBeUndefined();
  });

  test('cannot list a folder that is not there', async () => {
    await expect(new LocalFolder().list(join(folder, 'none'))).rejects.toThrow('ENOENT');
  });
});

describe('rules of a folder', () => {
  test('are read at the first question, from all rule files below', async () => {
    await edit('a.json', rule('ds.a'));
    await edit('sub/b.yaml', 'Dest: {Table: ds.b}');
    await edit('sub/c.yml', 'Dest: {Table: ds.c}');
    await edit('_.cache', '');
    const { tables, told } = storeOf();
    expect(await tables()).toEqual(['ds.a', 'ds.b']);
    expect(told.sort()).toEqual(['doubtful FileIgnored c.yml', 'loaded 1 a.json', 'loaded 1 b.yaml']);
  });

  test('are not looked for in other files, which is told once a version unless a rule names them', async () => {
    await edit('a.json', rule('ds.a', query(await edit('a.sql', 'SELECT 1'))));
    await edit('rules.txt', '');
    const { told, nextScan } = storeOf();
    expect(await nextScan()).toEqual(['ds.a']);
    await nextScan();
    expect(told.sort()).toEqual(['doubtful FileIgnored rules.txt', 'loaded 1 a.json']);
    await edit('rules.txt', 'a: 1');
    await nextScan();
    expect(told.filter((line) => line.includes('rules.txt'))).toHaveLength(2);
  });

  test('are read by file:// as well', async () => {
    await edit('with space/a.json', rule('ds.a'));
    const { tables } = storeOf(pathToFileURL(folder).href);
    expect(await tables()).toEqual(['ds.a']);
  });

  test('are looked at again once checkInMs has passed, and not before', async () => {
    const { clock, tables } = storeOf();
    expect(await tables()).toEqual([]);
    await edit('a.json', rule('ds.a'));
    clock.ms = 59_999;
    expect(await tables()).toEqual([]);
    clock.ms = 60_000;
    expect(await tables()).toEqual(['ds.a']);
  });

  test('change when their file changes, and go when it goes', async () => {
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

  test('are told of as refused when their file is broken, while others serve', async () => {
    await edit('bad.json', '{"Dest": ');
    await edit('good.json', rule('ds.good'));
    await edit('doubtful.json', rule('ds.doubtful', { Whenn: {} }));
    const { tables, told, nextScan } = storeOf();
    expect(await tables()).toEqual(['ds.doubtful', 'ds.good']);
    expect(told.sort()).toEqual([
      'doubtful KeyUnknown doubtful.json',
      'loaded 1 doubtful.json',
      'loaded 1 good.json',
      'refused SyntaxInvalid bad.json',
    ]);
    await nextScan();
    expect(told).toHaveLength(4);
  });

  test('serve in their last good version when an edit breaks them', async () => {
    await edit('a.json', rule('ds.a'));
    const { tables, told, nextScan } = storeOf();
    await tables();
    await edit('a.json', '{');
    expect(await nextScan()).toEqual(['ds.a']);
    expect(told).toEqual(['loaded 1 a.json', 'refused SyntaxInvalid a.json']);
    await edit('a.json', rule('ds.mended'));
    expect(await nextScan()).toEqual(['ds.mended']);
  });

  test('are found by ID, with a look at the folder when it is not known', async () => {
    const { store, tables } = storeOf();
    await tables();
    const path = await edit('a.json', rule('ds.a'));
    expect((await store.byId(`${path}#0`))?.dest.table).toBe('ds.a');
    expect(await store.byId(`${path}#1`)).toBeUndefined();
  });

  test('are scanned once for many that ask at once', async () => {
    await edit('a.json', rule('ds.a', { Whenn: {} }));
    const { tables, told } = storeOf();
    expect(await Promise.all([tables(), tables(), tables()])).toEqual([['ds.a'], ['ds.a'], ['ds.a']]);
    expect(told).toEqual(['doubtful KeyUnknown a.json', 'loaded 1 a.json']);
  });

  test('cannot be told at first when the folder is not there', async () => {
    const { tables } = storeOf(join(folder, 'none'));
    await expect(tables()).rejects.toThrow('ENOENT');
  });
});

describe('texts that rules name', () => {
  test('are put into the requests', async () => {
    const sql = await edit('q.sql', 'SELECT 1');
    await edit('a.json', rule('ds.a', query(sql)));
    const { store } = storeOf();
    expect((await store.current()).rules[0]?.onSuccess[0]?.request).toMatchObject({ SQL: 'SELECT 1' });
  });

  test.each([
    ['is not there', 'none.sql'],
    ['is a folder', '.'],
  ])('refuse their file when one %s, told once, and serve when it can be read', async (_name, missing) => {
    await edit('a.json', rule('ds.a', query(join(folder, missing))));
    await edit('b.json', rule('ds.b'));
    const { tables, told, nextScan } = storeOf();
    expect(await tables()).toEqual(['ds.b']);
    expect(await nextScan()).toEqual(['ds.b']);
    expect(told.sort()).toEqual(['loaded 1 b.json', 'refused ResourceUnreadable a.json']);
  });

  test('are asked for again until they are there', async () => {
    const sql = join(folder, 'later.sql');
    await edit('a.json', rule('ds.a', query(sql)));
    const { tables, nextScan } = storeOf();
    expect(await tables()).toEqual([]);
    await edit('later.sql', 'SELECT 1');
    expect(await nextScan()).toEqual(['ds.a']);
  });

  test('keep no other file from serving when their URL is none', async () => {
    await edit('a.json', rule('ds.a', query('gs:///x')));
    await edit('b.json', rule('ds.b'));
    expect(await storeOf().tables()).toEqual(['ds.b']);
  });
});

describe('rules of a gs:// prefix', () => {
  /** Objects in memory, as a listing and reads show them. */
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

  test('are read when their generation changed, and only then', async () => {
    const texts = new Map([[url, rule('ds.a')]]);
    const { state, objects } = objectsOf(texts);
    const { tables, nextScan } = storeOf('gs://c/Rules', objects);
    expect(await tables()).toEqual(['ds.a']);
    expect(await nextScan()).toEqual(['ds.a']);
    expect(state).toMatchObject({ listings: 2, reads: 1 });
    texts.set(url, rule('ds.longer'));
    expect(await nextScan()).toEqual(['ds.longer']);
  });

  test('go on serving while the storage is out, and are looked for again after checkInMs', async () => {
    const { state, objects } = objectsOf(new Map([[url, rule('ds.a')]]));
    const { tables, nextScan } = storeOf('gs://c/Rules', objects);
    await tables();
    state.outage = true;
    expect(await nextScan()).toEqual(['ds.a']);
    expect(await tables()).toEqual(['ds.a']);
    expect(state.listings).toBe(2);
  });

  test('are not taken for missing while the storage is out', async () => {
    const { state, objects } = objectsOf(new Map([[url, rule('ds.a')]]));
    const { store, tables } = storeOf('gs://c/Rules', objects);
    await tables();
    state.outage = true;
    await expect(store.byId('gs://c/Rules/b.json#0')).rejects.toThrow('503');
    expect((await store.byId(`${url}#0`))?.dest.table).toBe('ds.a');
  });

  test('cannot be told when the storage is out from the start', async () => {
    const { state, objects } = objectsOf(new Map());
    state.outage = true;
    await expect(storeOf('gs://c/Rules', objects).tables()).rejects.toThrow('503');
  });
});
