import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, type Services, startServices } from '@bqtail/local-stack';

/** Services that one test file starts for itself, with their data folder. */
export interface OwnServices extends Services {
  readonly dataDir: string;
}

/** Starts services on free ports. @param dynamicConfig Temporal's dynamic configuration. */
export async function startOwnServices(dynamicConfig: Readonly<Record<string, number>> = {}): Promise<OwnServices> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-own-'));
  const options = { ports: await choosePorts(0), dataDir, project: 'bqtail-test', temporal: { dynamicConfig } };
  return { ...(await startServices(options)), dataDir };
}

/** Stops the services and deletes their data. */
export async function stopOwnServices({ processes, dataDir }: OwnServices): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()));
  await rm(dataDir, { recursive: true, force: true });
}
