import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkProcess, killProcesses } from '../../emulator-kit/test/forkedProcess';
import { until } from '../../emulator-kit/test/until';
import { PushEndpoint } from './pushEndpoint';

const MAIN = join(__dirname, '../dist/main.js');
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pubsub-process-'));
});
afterEach(async () => {
  killProcesses();
  await rm(dataDir, { recursive: true, force: true });
});

test('every published message is pushed after SIGKILL', async () => {
  const endpoint = new PushEndpoint();
  endpoint.answer = () => 500;
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  const first = await forkProcess(MAIN, { dataDir });
  const call = async (method: string, path: string, body: object) => {
    const response = await fetch(`${first.url}/v1/projects/p/${path}`, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  };
  await call('PUT', 'topics/t', {});
  await call('PUT', 'subscriptions/s', { topic: 'projects/p/topics/t', pushConfig });

  const published: string[] = [];
  const publishers = Array.from({ length: 8 }, async (_, publisher) => {
    for (let count = 0; ; count++) {
      const data = Buffer.from(`${publisher}/${count}`).toString('base64');
      await call('POST', 'topics/t:publish', { messages: [{ data }] });
      published.push(data);
    }
  });
  const settled = Promise.allSettled(publishers);
  await until(() => published.length > 200, 'some messages are published');
  first.child.kill('SIGKILL');
  await settled;

  endpoint.received.length = 0;
  endpoint.answer = () => 204;
  await forkProcess(MAIN, { dataDir });
  const received = () => new Set(endpoint.received.map(({ message }) => message.data));
  await until(() => published.every((data) => received().has(data)), 'all messages are pushed');
  await endpoint.close();
});

test('it ends when its parent is gone', async () => {
  const { child } = await forkProcess(MAIN, {});
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
