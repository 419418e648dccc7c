/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import { PROJECT, rest, rowsOf, startTestEmulator, type TestEmulator } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

describe('datasets', () => {
  test('datasets are created, read, listed, changed and deleted', async () => {
    const [dataset] = await emulator.bigquery.createDataset('life', {
      description: 'first',
      labels: { team: 'a', env: 'x' },
    });
    expect((await dataset.getMetadata())[0]).toMatchObject({
      kind: 'bigquery#dataset',
      id: `${PROJECT}:life`,
      datasetReference: { projectId: PROJECT, datasetId: 'life' },
      location: 'US',
      description: 'first',
      etag: expect.any(String),
      creationTime: expect.stringMatching(/^\d{13}$/),
    });
    await dataset.setMetadata({ description: null, labels: { env: null, more: 'y' } });
    const [changed] = await dataset.getMetadata();
    expect(changed.description).toBeUndefined();
    expect(changed.labels).toEqual({ team: 'a', more: 'y' });
    const [datasets] = await emulator.bigquery.getDatasets();
    expect(datasets.map((one) => one.id)).toContain('life');
    await dataset.delete();
    expect(await dataset.exists()).toEqual([false]);
  });

  test('errors have the format of Google APIs', async () => {
    await rest(emulator, 'POST', '/datasets', { datasetReference: { datasetId: 'twice' } });
    expect(await rest(emulator, 'POST', '/datasets', { datasetReference: { datasetId: 'twice' } })).toEqual({
      status: 409,
      body: {
        error: {
          code: 409,
          message: `Already Exists: Dataset ${PROJECT}:twice`,
          errors: [{ message: `Already Exists: Dataset ${PROJECT}:twice`, domain: 'global', reason: 'duplicate' }],
          status: 'ALREADY_EXISTS',
        },
      },
    });
    expect(await rest(emulator, 'GET', '/datasets/none')).toMatchObject({
      status: 404,
      body: {
        error: { message: `Not found: Dataset ${PROJECT}:none`, errors: [{ reason: 'notFound' }], status: 'NOT_FOUND' },
      },
    });
    expect(await rest(emulator, 'POST', '/datasets', { datasetReference: { datasetId: 'a-b' } })).toMatchObject({
      status: 400,
    });
  });

  test('a dataset with tables is deleted only on request', async () => {
    const [dataset] = await emulator.bigquery.createDataset('full');
    await dataset.createTable('t', { schema: 'id:integer' });
    await expect(dataset.delete()).rejects.toMatchObject({ code: 400, errors: [{ reason: 'resourceInUse' }] });
    await dataset.delete({ force: true });
    expect(await dataset.exists()).toEqual([false]);
  });

  test('datasets are listed page by page and filtered by labels', async () => {
    for (const id of ['p1', 'p2', 'p3']) {
      const body = { datasetReference: { datasetId: id }, labels: { pages: id } };
      await fetch(`${emulator.url}/projects/other/datasets`, { method: 'POST', body: JSON.stringify(body) });
    }
    const list = async (query: string) =>
      JSON.parse(await (await fetch(`${emulator.url}/projects/other/datasets?${query}`)).text());
    const one = await list('maxResults=2');
    expect(one.datasets).toHaveLength(2);
    const two = await list(`maxResults=2&pageToken=${one.nextPageToken}`);
    expect(two.datasets.map((entry: { datasetReference: object }) => entry.datasetReference)).toEqual([
      { projectId: 'other', datasetId: 'p3' },
    ]);
    expect(two.nextPageToken).toBeUndefined();
    expect((await list('filter=labels.pages:p2')).datasets).toHaveLength(1);
  });
});

describe('tables', () => {
  beforeAll(() => emulator.bigquery.createDataset('ds'));

  const schema = {
    fields: [
      { name: 'id', type: 'INT64', mode: 'REQUIRED' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
      { name: 'in', type: 'STRUCT', fields: [{ name: 'x', type: 'FLOAT64' }] },
    ],
  };
  const create = (tableId: string, more: object = {}) =>
    rest(emulator, 'POST', '/datasets/ds/tables', { tableReference: { tableId }, schema, ...more });

  test('a table keeps its properties, with canonical names of types and modes', async () => {
    const more = {
      description: 'd',
      labels: { a: 'b' },
      timePartitioning: { type: 'DAY', expirationMs: '1000' },
      clustering: { fields: ['id'] },
    };
    await create('kept', more);
    const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/kept');
    expect(body).toMatchObject({
      kind: 'bigquery#table',
      id: `${PROJECT}:ds.kept`,
      type: 'TABLE',
      numRows: '0',
      numBytes: '0',
      ...more,
      schema: {
        fields: [
          { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
          { name: 'tags', type: 'STRING', mode: 'REPEATED' },
          { name: 'in', type: 'RECORD', mode: 'NULLABLE', fields: [{ name: 'x', type: 'FLOAT', mode: 'NULLABLE' }] },
        ],
      },
    });
  });

  test('a patch adds columns at any depth and makes REQUIRED columns NULLABLE', async () => {
    await create('grown');
    await emulator.bigquery
      .dataset('ds')
      .table('grown')
      .insert([{ id: 1, tags: ['a'], in: { x: 1.5 } }]);
    const fields = [
      { name: 'id', type: 'INTEGER', mode: 'NULLABLE', description: 'key' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
      {
        name: 'in',
        type: 'RECORD',
        fields: [
          { name: 'x', type: 'FLOAT' },
          { name: 'y', type: 'DATE' },
          { name: 'also', type: 'STRING', mode: 'REPEATED' },
        ],
      },
      { name: 'more', type: 'STRING', mode: 'REPEATED' },
      { name: 'x', type: 'STRING' },
      { name: 'deep', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'x', type: 'INTEGER' }] },
    ];
    const { status, body } = await rest(emulator, 'PATCH', '/datasets/ds/tables/grown', { schema: { fields } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      numRows: '1',
      schema: { fields: [{ mode: 'NULLABLE', description: 'key' }, {}, {}, {}, {}, {}] },
    });
    expect(await rowsOf(emulator, 'ds.grown')).toEqual([
      ['1', [{ v: 'a' }], { f: [{ v: '1.5' }, { v: null }, { v: [] }] }, [], null, []],
    ]);
  });

  test.each([
    [
      'a column of another type',
      [{ name: 'id', type: 'STRING', mode: 'REQUIRED' }],
      'Field id has changed type from INTEGER to STRING',
    ],
    ['a missing column', [{ name: 'id', type: 'INTEGER', mode: 'REQUIRED' }], 'Field tags is missing in new schema'],
  ])('a patch to a schema with %s is refused', async (_what, fields, problem) => {
    await create('same');
    const { status, body } = await rest(emulator, 'PATCH', '/datasets/ds/tables/same', { schema: { fields } });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { message: `Provided Schema does not match Table ${PROJECT}:ds.same. ${problem}` },
    });
  });

  test('a patch with If-Match is refused when the table has changed', async () => {
    const { body } = await create('etag');
    const patch = (etag: string) =>
      fetch(`${emulator.url}/bigquery/v2/projects/${PROJECT}/datasets/ds/tables/etag`, {
        method: 'PATCH',
        headers: { 'if-match': etag },
        body: JSON.stringify({ description: 'x' }),
      });
    expect((await patch('"other"')).status).toBe(412);
    expect((await patch(`"${body['etag']}"`)).status).toBe(200);
    expect((await patch(`"${body['etag']}"`)).status).toBe(412);
  });

  test('an expired table is not found, and its name is free', async () => {
    await create('short', { expirationTime: (Date.now() + 300).toString() });
    expect((await rest(emulator, 'GET', '/datasets/ds/tables/short')).status).toBe(200);
    while ((await rest(emulator, 'GET', '/datasets/ds/tables/short')).status !== 404) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await create('short')).status).toBe(200);
  });

  test('tables are listed page by page', async () => {
    const [dataset] = await emulator.bigquery.createDataset('many');
    await Promise.all(
      Array.from({ length: 7 }, (_, place) => dataset.createTable(`t${place}`, { schema: 'id:integer' })),
    );
    const [first, next] = await dataset.getTables({ maxResults: 5, autoPaginate: false });
    const [second, end] = await dataset.getTables({ ...next, autoPaginate: false });
    expect([...first, ...second].map((table) => table.id)).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6']);
    expect(end).toBeNull();
  });

  test.each([
    ['an unknown type', [{ name: 'a', type: 'NUMBER' }]],
    ['a record without fields', [{ name: 'a', type: 'RECORD' }]],
    [
      'the same name twice',
      [
        { name: 'a', type: 'STRING' },
        { name: 'A', type: 'STRING' },
      ],
    ],
  ])('a table with %s is refused', async (_what, fields) => {
    expect((await create('refused', { schema: { fields } })).status).toBe(400);
  });

  test('an update removes properties that the body lacks', async () => {
    await create('put', { description: 'd', labels: { a: 'b' } });
    const { body } = await rest(emulator, 'PUT', '/datasets/ds/tables/put', { schema, description: 'e' });
    expect(body).toMatchObject({ description: 'e' });
    expect(body['labels']).toBeUndefined();
  });
});
