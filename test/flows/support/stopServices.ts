import { rm } from 'node:fs/promises';
import './startServices';

/** globalTeardown: stops the services that globalSetup started. */
export default async function stop(): Promise<void> {
  const running = globalThis.bqtailServices;
  if (!running) return;
  await Promise.all(running.services.processes.map((process) => process.stop()));
  await rm(running.dataDir, { recursive: true, force: true });
}
