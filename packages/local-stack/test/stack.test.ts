import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, type Services, startServices } from '@bqtail/local-stack';

/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';

let dataDir: string;
let services: Services | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'local-stack-'));
  process.env['PUBSUB_EMULATOR_HOST'] = NOWHERE;
  // Temporal is not needed here.
  process.env['TEMPORAL_ADDRESS'] = NOWHERE;
});
afterEach(async () => {
  delete process.env['PUBSUB_EMULATOR_HOST'];
  delete process.env['TEMPORAL_ADDRESS'];
  await Promise.all((services?.processes ?? []).map((process) => process.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

test('notifications need no other Pub/Sub than the emulator, even if rules publish elsewhere', async () => {
  services = await startServices({ ports: await choosePorts(0), dataDir, project: 'p' });
  const { storage, pubsub, messages } = services;
  expect(messages).toBe(NOWHERE);
  const call = async (url: string, method: string, body: object) =>
    (await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status;
  expect(await call(`http://${pubsub}/v1/projects/p/topics/t`, 'PUT', {})).toBe(200);
  expect(await call(`${storage}/storage/v1/b?project=p`, 'POST', { name: 'inbox' })).toBe(200);
  const config = { topic: '//pubsub.googleapis.com/projects/p/topics/t', payload_format: 'JSON_API_V1' };
  expect(await call(`${storage}/storage/v1/b/inbox/notificationConfigs`, 'POST', config)).toBe(200);
});
