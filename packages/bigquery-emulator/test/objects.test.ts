import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ListeningService } from '@bqtail/emulator-kit';
import { startBigQuery } from '../src/server';
import {
  BUCKET,
  makeDataset,
  PROJECT,
  rowsOf,
  runJob,
  startTestEmulator,
  type TestEmulator,
  tableRef,
} from './support';

let emulator: TestEmulator;
/** A Cloud Storage without `/_local`, so that objects are read by its API alone, as with any other Cloud Storage. */
let proxy: Server;
let server: ListeningService;
let target: { url: string };

beforeAll(async () => {
  emulator = await startTestEmulator();
  const storage = new URL(emulator.storageUrl);
  proxy = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith('/_local/')) outgoing.writeHead(404).end();
    else {
      const { url: path, method, headers } = incoming;
      const onward = request({ port: storage.port, path, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    }
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const { port } = proxy.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  server = await startBigQuery({ port: 0, dataDir: `${emulator.dataDir}-far`, project: PROJECT, storage: { url } });
  target = { url: `http://127.0.0.1:${server.port}` };
  await makeDataset(target, 'ds');
});
afterAll(async () => {
  await server.close();
  proxy.closeAllConnections();
  proxy.close();
  await emulator.close();
});

const load = (uris: string[], table: string) =>
  runJob(target, {
    load: {
      sourceUris: uris,
      destinationTable: tableRef(table),
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: { fields: [{ name: 'id', type: 'INTEGER' }] },
    },
  });

test('objects are read over HTTP by name and by wildcard', async () => {
  await emulator.put('far/a.json', '{"id":1}\n{"id":2}');
  await emulator.put('far/b.json', gzipSync('{"id":3}'));
  const job = await load([`gs://${BUCKET}/far/*.json`, `gs://${BUCKET}/far/a.json`], 'ds.far');
  expect(job.status).toEqual({ state: 'DONE' });
  expect(job.statistics['load']).toMatchObject({ inputFiles: '2', outputRows: '3' });
  expect((await rowsOf(target, 'ds.far')).flat()).toEqual(['1', '2', '3']);
});

test.each([`gs://${BUCKET}/far/none.json`, 'gs://no-bucket-of-ours/x.json'])('%s is not found', async (uri) => {
  const { status } = await load([uri], 'ds.none');
  expect(status.errorResult).toEqual({ reason: 'notFound', message: `Not found: URI ${uri}` });
});

test('an extract writes objects over HTTP', async () => {
  const extract = { sourceTable: tableRef('ds.far'), destinationUris: [`gs://${BUCKET}/far/out.csv`] };
  expect((await runJob(target, { extract })).status).toEqual({ state: 'DONE' });
  const [data] = await emulator.storage.bucket(BUCKET).file('far/out.csv').download();
  expect(data.toString()).toBe('id\n1\n2\n3\n');
});

test('a job ends with backendError when Cloud Storage does not answer', async () => {
  const alone = await startBigQuery({
    port: 0,
    dataDir: `${emulator.dataDir}-alone`,
    project: PROJECT,
    storage: { url: 'http://127.0.0.1:1' },
  });
  const at = { url: `http://127.0.0.1:${alone.port}` };
  await makeDataset(at, 'ds');
  const load = { sourceUris: ['gs://b/x'], destinationTable: tableRef('ds.t'), sourceFormat: 'CSV' };
  expect((await runJob(at, { load })).status.errorResult?.reason).toBe('backendError');
  await alone.close();
});
