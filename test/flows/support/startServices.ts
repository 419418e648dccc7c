import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, type Services, startServices } from '@bqtail/local-stack';

declare global {
  // Kept between globalSetup and globalTeardown, which run in the same process.
  var bqtailServices: { readonly services: Services; readonly dataDir: string } | undefined;
}

/** Starts the services once for all flow tests; tests find them by the environment. */
export default async function start(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-test-'));
  const services = await startServices({ ports: await choosePorts(0), dataDir, project: 'bqtail-test' });
  globalThis.bqtailServices = { services, dataDir };
  const { processes: _processes, ...addresses } = services;
  process.env['BQTAIL_TEST_SERVICES'] = JSON.stringify({ ...addresses, dataDir });
}
