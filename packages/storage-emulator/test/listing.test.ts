import { globExpression } from '../src/store/glob';
import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
const NAMES = [
  'a.json',
  'data/',
  'data/1.csv',
  'data/1.json',
  'data/2.json',
  'data/sub/3.json',
  'data/z',
  'ü',
  'z.json',
];
beforeAll(async () => {
  storage = await RunningStorage.start();
  await Promise.all(NAMES.map((name) => storage.put(name)));
});
afterAll(() => storage.stop());

interface Listing {
  readonly items?: readonly { readonly name: string }[];
  readonly prefixes?: readonly string[];
  readonly nextPageToken?: string;
}

async function list(query: Record<string, string>): Promise<Listing> {
  const path = `/storage/v1/b/inbox/o?${new URLSearchParams(query)}`;
  return (await storage.call<Listing>('GET', path)).body;
}

test('names are listed in the order of their UTF-8 bytes', async () => {
  expect(await storage.names()).toEqual([
    'a.json',
    'data/',
    'data/1.csv',
    'data/1.json',
    'data/2.json',
    'data/sub/3.json',
    'data/z',
    'z.json',
    'ü',
  ]);
});

test.each([
  [{ prefix: 'data/' }, ['data/', 'data/1.csv', 'data/1.json', 'data/2.json', 'data/sub/3.json', 'data/z']],
  [{ prefix: 'none' }, []],
  [{ startOffset: 'data/2.json', endOffset: 'data/z' }, ['data/2.json', 'data/sub/3.json']],
  [{ prefix: 'data/', startOffset: 'data/s' }, ['data/sub/3.json', 'data/z']],
  [{ matchGlob: 'data/*.json' }, ['data/1.json', 'data/2.json']],
  [{ matchGlob: '**.json' }, ['a.json', 'data/1.json', 'data/2.json', 'data/sub/3.json', 'z.json']],
  [{ matchGlob: '**/{1,3}.{csv,json}' }, ['data/1.csv', 'data/1.json', 'data/sub/3.json']],
])('getFiles(%j) lists the objects that match', async (query, names) => {
  expect(await storage.names(query)).toEqual(names);
});

test('a delimiter replaces the objects of a folder by a prefix', async () => {
  expect(await list({ delimiter: '/' })).toMatchObject({
    items: [{ name: 'a.json' }, { name: 'z.json' }, { name: 'ü' }],
    prefixes: ['data/'],
  });
  const data = await list({ delimiter: '/', prefix: 'data/' });
  expect(data.prefixes).toEqual(['data/sub/']);
  expect(data.items?.map(({ name }) => name)).toEqual(['data/', 'data/1.csv', 'data/1.json', 'data/2.json', 'data/z']);
});

test('includeTrailingDelimiter lists folder objects as items, too', async () => {
  const { items, prefixes } = await list({ delimiter: '/', includeTrailingDelimiter: 'true' });
  expect(items?.map(({ name }) => name)).toEqual(['a.json', 'data/', 'z.json', 'ü']);
  expect(prefixes).toEqual(['data/']);
});

test.each<Record<string, string>>([
  {},
  { delimiter: '/' },
  { matchGlob: '**/*.json' },
  { delimiter: '/', prefix: 'data/' },
])('pages of one result add up to the whole listing: %j', async (query) => {
  const whole = await list(query);
  const results: string[] = [];
  let token: string | undefined;
  do {
    const page: Listing = await list({
      ...query,
      maxResults: '1',
      ...(token === undefined ? {} : { pageToken: token }),
    });
    const pageResults = [...(page.items ?? []).map(({ name }) => name), ...(page.prefixes ?? [])];
    expect(pageResults.length).toBeLessThanOrEqual(1);
    results.push(...pageResults);
    token = page.nextPageToken;
  } while (token !== undefined);
  expect(results.sort()).toEqual([...(whole.items ?? []).map(({ name }) => name), ...(whole.prefixes ?? [])].sort());
});

test('a page has at most 1000 objects, and the client reads all pages', async () => {
  const numbers = Array.from({ length: 1200 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
  await Promise.all(numbers.map((name) => storage.put(name, 'x', 'other')));
  const { body } = await storage.call<Listing>('GET', '/storage/v1/b/other/o?prefix=many/');
  expect(body.items?.length).toBe(1000);
  const [files] = await storage.bucket('other').getFiles({ prefix: 'many/' });
  expect(files.map(({ name }) => name)).toEqual(numbers);
});

test('the parameter fields reduces the response', async () => {
  expect(await list({ prefix: 'a', fields: 'items(name,size),nextPageToken' })).toEqual({
    items: [{ name: 'a.json', size: '0' }],
  });
});

test('a listing of an absent bucket is answered with 404', async () => {
  expect(await failureOf(storage.bucket('nowhere').getFiles())).toMatchObject({ code: 404 });
});

test.each([
  ['foo*bar', ['foobar', 'fooxbar'], ['foo/bar']],
  ['foo**bar', ['foobar', 'foo/x/bar'], ['foo/x/baz']],
  ['a/**/b', ['a/b', 'a/x/y/b'], ['a/xb']],
  ['fo?', ['foo'], ['fo/', 'fo']],
  ['[a-c]x', ['ax', 'cx'], ['dx']],
  ['[!a-c]x', ['dx'], ['ax']],
  ['*.{csv,json}', ['a.csv', 'a.json'], ['a.txt', 'acsv']],
  ['a.b$(c)', ['a.b$(c)'], ['axb$(c)']],
])('matchGlob %s matches as in the service', (pattern, matching, others) => {
  const expression = globExpression(pattern);
  expect(matching.filter((name) => !expression.test(name))).toEqual([]);
  expect(others.filter((name) => expression.test(name))).toEqual([]);
});

test('an empty parameter is ignored, because clients send unset parameters that way', async () => {
  const open = { delimiter: '', matchGlob: '', startOffset: '', endOffset: '', pageToken: '' };
  expect((await list({ ...open, prefix: 'data/s' })).items?.map(({ name }) => name)).toEqual(['data/sub/3.json']);
  expect((await list({ ...open, matchGlob: '**.csv' })).items?.map(({ name }) => name)).toEqual(['data/1.csv']);
  expect((await list({ ...open, prefix: 'data/s', delimiter: '/' })).prefixes).toEqual(['data/sub/']);
});
