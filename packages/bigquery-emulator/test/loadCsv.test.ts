import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;
let tables = 0;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const fields = [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
  { name: 'at', type: 'TIMESTAMP' },
];

/** Loads a text into a table of its own; returns the rows, and the messages of errors without their common parts. */
async function load(
  text: string | Buffer,
  options: object = {},
): Promise<{ rows: unknown[][]; problems: string[]; uri: string }> {
  const name = `ds.t${tables++}`;
  const uri = await emulator.put(`${name}.csv`, text);
  const job = await runJob(emulator, {
    load: { sourceUris: [uri], destinationTable: tableRef(name), sourceFormat: 'CSV', schema: { fields }, ...options },
  });
  const problems = (job.status.errors ?? []).map(({ message }) =>
    message.replace('Error while reading data, error message: ', '').replace(` File: ${uri}`, ''),
  );
  return { rows: job.status.errorResult ? [] : await rowsOf(emulator, name), problems, uri };
}

test('quoted and empty values are read', async () => {
  const { rows } = await load('1,"a ""b"", c",2024-01-02 03:04:05 UTC\n2,,\n"3","",\n');
  expect(rows).toEqual([
    ['1', 'a "b", c', '1.704164645E9'],
    ['2', '', null],
    ['3', '', null],
  ]);
});

test('a byte order mark, a header, tabs and Windows line ends are read', async () => {
  const { rows } = await load('\ufeffid\tname\tat\r\n1\ta,b\t\r\n', { fieldDelimiter: '\t', skipLeadingRows: 1 });
  expect(rows).toEqual([['1', 'a,b', null]]);
});

test('a null marker, another quote and another encoding are read', async () => {
  expect((await load('\\N,\\N,\\N\n', { nullMarker: '\\N' })).rows).toEqual([[null, null, null]]);
  expect((await load("1,'a,b',\n", { quote: "'" })).rows).toEqual([['1', 'a,b', null]]);
  expect((await load('1,"a,\n', { quote: '' })).rows).toEqual([['1', '"a', null]]);
  expect((await load(Buffer.from('1,ä,\n', 'latin1'), { encoding: 'ISO-8859-1' })).rows).toEqual([['1', 'ä', null]]);
});

test('a line break in quotes is read only if the job allows it', async () => {
  expect((await load('1,"a\nb",\n2,c,\n', { allowQuotedNewlines: true })).rows).toEqual([
    ['1', 'a\nb', null],
    ['2', 'c', null],
  ]);
  expect((await load('1,"a\nb",\n')).problems[2]).toBe(
    'Error detected while parsing row starting at position: 0. Error: Missing close double quote (") character.',
  );
});

test('the error of a value of another type names its column and position', async () => {
  const { problems, uri } = await load('1,a,\nx,b,\n');
  expect(problems).toEqual([
    'CSV table encountered too many errors, giving up. Rows: 2; errors: 1. Please look into the errors[] collection for more details.',
    'CSV processing encountered too many errors, giving up. Rows: 2; errors: 1; max bad: 0; error percent: 0',
    "Could not parse 'x' as INT64 for field id (position 0) starting at location 5",
  ]);
  expect(uri).toContain('gs://');
});

test('rows with too few or too many values are refused unless the job allows them', async () => {
  expect((await load('1\n')).problems[2]).toBe(
    'CSV table references column position 1, but line starting at position:0 contains only 1 columns.',
  );
  expect((await load('1\n', { allowJaggedRows: true })).rows).toEqual([['1', null, null]]);
  expect((await load('1,a,,4\n')).problems[2]).toBe(
    'Too many values in row starting at position: 0. Found 4 column(s) while expected 3.',
  );
  expect((await load('1,a,,4\n', { ignoreUnknownValues: true })).rows).toEqual([['1', 'a', null]]);
});

test('an unclosed quote is an error, and maxBadRecords allows bad rows', async () => {
  expect((await load('1,"a,\n')).problems[2]).toContain('Missing close double quote (") character.');
  expect((await load('x,a,\n2,b,\n', { maxBadRecords: 1 })).rows).toEqual([['2', 'b', null]]);
});

test.each([
  ['a quote within an unquoted value', '1,5" screen,\n', [['1', '5" screen', null]]],
  ['a value that ends with a quote', '1,5",\n', [['1', '5"', null]]],
  [
    'LF and then CRLF',
    '1,a,\n2,b,\r\n',
    [
      ['1', 'a', null],
      ['2', 'b', null],
    ],
  ],
  [
    'CRLF and then LF',
    '1,a,\r\n2,"b",\n',
    [
      ['1', 'a', null],
      ['2', 'b', null],
    ],
  ],
  [
    'lone CR',
    '1,a,\r2,"b",\r',
    [
      ['1', 'a', null],
      ['2', 'b', null],
    ],
  ],
  [
    'empty lines',
    '\n1,a,\r\n\r\n2,b,',
    [
      ['1', 'a', null],
      ['2', 'b', null],
    ],
  ],
  ['a dollar sign as delimiter of nothing', '1,$&,\n', [['1', '$&', null]]],
])('%s in a file is read', async (_what, text, expected) => {
  expect((await load(text)).rows).toEqual(expected);
});

test.each([
  ['data after a closing quote', '1,"a"b,\n2,b,\n', 0, 'Data between close double quote (") and field separator.'],
  ['CR in quotes', '2,b,\n1,"a\rb",\n', 5, 'Missing close double quote (") character.'],
  ['LF in quotes', '2,b,\n1,"a\n', 5, 'Missing close double quote (") character.'],
])('%s makes one row bad', async (_what, text, position, problem) => {
  const { problems } = await load(text);
  expect(problems[2]).toBe(`Error detected while parsing row starting at position: ${position}. Error: ${problem}`);
  expect((await load(text, { maxBadRecords: 2, allowJaggedRows: false })).rows).toEqual([['2', 'b', null]]);
});

test('long rows with quoted line breaks are read', async () => {
  const long = 'x\r\n""'.repeat(100_000);
  const { rows } = await load(`1,"${long}",\n2,b,\n`, { allowQuotedNewlines: true });
  expect(rows.map(([id, name]) => [id, String(name).length])).toEqual([
    ['1', 400_000],
    ['2', 1],
  ]);
});

test('a date has dashes, a timestamp may have slashes', async () => {
  const schema = { fields: [{ name: 'd', type: 'DATE' }] };
  expect((await load('2024-01-02\n', { schema })).rows).toEqual([['2024-01-02']]);
  expect((await load('2024/01/02\n', { schema })).problems[2]).toBe(
    "Could not parse '2024/01/02' as DATE for field d (position 0) starting at location 0",
  );
  expect((await load('1,a,2024/01/02 03:04:05\n')).rows).toEqual([['1', 'a', '1.704164645E9']]);
});

test.each([
  ['without skipLeadingRows', 'id,name\n1,a\n', undefined, ['id INTEGER', 'name STRING'], 1],
  [
    'without skipLeadingRows or a header',
    '1,a\n2,b\n',
    undefined,
    ['int64_field_0 INTEGER', 'string_field_1 STRING'],
    2,
  ],
  ['and 0 rows to skip', 'id,name\n1,a\n', 0, ['string_field_0 STRING', 'string_field_1 STRING'], 2],
  ['and 1 row to skip', 'id,name\n1,a\n', 1, ['id INTEGER', 'name STRING'], 1],
  ['and 1 row to skip that is no header', '1,x\n2,y\n3,z\n', 1, ['int64_field_0 INTEGER', 'string_field_1 STRING'], 2],
  ['and 2 rows to skip', '9,9\nid,name\n1,a\n', '2', ['id INTEGER', 'name STRING'], 1],
  [
    'of quoted numbers',
    'n,f,b,x\n"12","2.5","true","99999999999999999999"\n',
    undefined,
    ['n INTEGER', 'f FLOAT', 'b BOOLEAN', 'x FLOAT'],
    1,
  ],
])('autodetect %s reads the header as the API documents', async (_what, text, skipLeadingRows, expected, count) => {
  const options = { schema: undefined, autodetect: true, skipLeadingRows };
  const table = `t${tables}`;
  const { rows } = await load(text, options);
  const { body } = await rest(emulator, 'GET', `/datasets/ds/tables/${table}`);
  const detected = (body['schema'] as { fields: { name: string; type: string }[] }).fields;
  expect(detected.map(({ name, type }) => `${name} ${type}`)).toEqual(expected);
  expect(rows).toHaveLength(count);
});

test('autodetect refuses a header with the same name twice', async () => {
  const { problems } = await load('a,A\n1,2\n', { schema: undefined, autodetect: true });
  expect(problems[0]).toBe('Field A already exists in schema');
});

test('autodetect takes names from the header and types from the rows', async () => {
  const uri = await emulator.put(
    'auto.csv',
    'Id,Full name,ok,on,ratio\n1,Ann,true,2024-01-02,1\n2,Bob,false,2024-01-03,2.5\n',
  );
  const load = { sourceUris: [uri], destinationTable: tableRef('ds.auto'), sourceFormat: 'CSV', autodetect: true };
  const job = await runJob(emulator, { load });
  expect(job.status.errorResult).toBeUndefined();
  const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/auto');
  const found = (body['schema'] as { fields: { name: string; type: string }[] }).fields;
  expect(found.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'Id INTEGER',
    'Full_name STRING',
    'ok BOOLEAN',
    'on DATE',
    'ratio FLOAT',
  ]);
  expect(await rowsOf(emulator, 'ds.auto')).toHaveLength(2);
});

test('a load of CSV into nested fields fails', async () => {
  const nested = { fields: [{ name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'STRING' }] }] };
  expect((await load('a\n', { schema: nested })).problems[0]).toContain('nested');
});

test('a load of CSV into nested or repeated columns fails as invalid', async () => {
  const uri = await emulator.put('nested.csv', '1\n');
  for (const field of [
    { name: 'a', type: 'STRING', mode: 'REPEATED' },
    { name: 'a', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER' }] },
  ]) {
    const load = { sourceUris: [uri], destinationTable: tableRef('ds.nested'), schema: { fields: [field] } };
    const { status } = await runJob(emulator, { load });
    expect(status.errorResult).toMatchObject({ reason: 'invalid', message: expect.stringContaining('field a') });
  }
});
