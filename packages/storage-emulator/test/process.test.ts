import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@google-cloud/storage';
import { forkProcess, killProcesses, track } from '../../emulator-kit/test/forkedProcess';
import { until } from '../../emulator-kit/test/until';
import { PushEndpoint } from '../../pubsub-emulator/test/pushEndpoint';

const MAIN = join(__dirname, '../dist/main.js');
const PUBSUB_MAIN = require.resolve('@bqtail/pubsub-emulator/main');
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'storage-process-'));
});
afterEach(async () => {
  killProcesses();
  await rm(dataDir, { recursive: true, force: true });
});

const options = (pubsub?: string) => ({ port: 0, dataDir, project: 'p', buckets: ['inbox'], pubsub });
const forked = (pubsub?: string) => forkProcess(MAIN, options(pubsub));
const forkedPubSub = (port = 0) => forkProcess(PUBSUB_MAIN, { port, dataDir: join(dataDir, 'pubsub') });
const clientOf = (url: string) => new Storage({ projectId: 'p', apiEndpoint: url, retryOptions: { autoRetry: false } });

test('everything acknowledged is there after SIGKILL, and every object is announced', async () => {
  const endpoint = new PushEndpoint();
  endpoint.answer = () => 500;
  const pubsub = await forkedPubSub();
  const { host, port } = new URL(pubsub.url);
  const first = await forked(host);
  const put = (path: string, body: object) =>
    fetch(`${pubsub.url}/v1/projects/p/${path}`, { method: 'PUT', body: JSON.stringify(body) });
  await put('topics/t', {});
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  await put('subscriptions/s', { topic: 'projects/p/topics/t', pushConfig });
  await clientOf(first.url).bucket('inbox').createNotification('t');

  const acknowledged: string[] = [];
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 0; ; count++) {
      const name = `${writer}/${count}`;
      await clientOf(first.url).bucket('inbox').file(name).save(name, { resumable: false });
      acknowledged.push(name);
    }
  });
  const settled = Promise.allSettled(writers);
  await until(() => acknowledged.length > 100, 'some objects are written');
  first.child.kill('SIGKILL');
  pubsub.child.kill('SIGKILL');
  await settled;

  endpoint.received.length = 0;
  endpoint.answer = () => 204;
  const [second] = await Promise.all([forked(host), forkedPubSub(Number(port))]);
  const [files] = await clientOf(second.url).bucket('inbox').getFiles();
  const names = files.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(acknowledged));
  for (const file of files.slice(0, 20)) expect((await file.download()).toString()).toBe(file.name);
  const announced = () => new Set(endpoint.received.map(({ message }) => message.attributes['objectId']));
  await until(() => announced().size === names.length, 'all objects are announced');
  expect([...announced()].sort()).toEqual([...names].sort());
  await endpoint.close();
});

test('it ends when its parent is gone', async () => {
  const { child } = await forked();
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends on SIGTERM', async () => {
  const { child } = await forked();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('without a parent it prints one line when it listens', async () => {
  const child = track(
    spawn(process.execPath, [MAIN, JSON.stringify(options())], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const [line] = await once(child.stdout, 'data');
  expect(JSON.parse(String(line))).toEqual({ ready: true, port: expect.any(Number) });
});

test('invalid options are reported on standard error', async () => {
  const child = track(spawn(process.execPath, [MAIN, '{"port":"x"}'], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const [message] = await once(child.stderr, 'data');
  expect(String(message)).toContain('port');
  expect(await once(child, 'exit')).toEqual([1, null]);
});
