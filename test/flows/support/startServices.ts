import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, type Services, startServices } from '@bqtail/local-stack';

declare global {
  // For globalTeardown, which runs in the same process as globalSetup.
  var bqtailServices: { readonly services: Services; readonly dataDir: string } | undefined;
}

/** globalSetup: starts the services once for all flow tests, which find their addresses in BQTAIL_TEST_SERVICES. */
export default async function start(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-test-'));
  const services = await startServices({ ports: await choosePorts(0), dataDir, project: 'bqtail-test' });
  globalThis.bqtailServices = { services, dataDir };
  const { processes: _processes, ...addresses } = services;
  process.env['BQTAIL_TEST_SERVICES'] = JSON.stringify({ ...addresses, dataDir });
}
