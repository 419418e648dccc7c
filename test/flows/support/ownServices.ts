import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, type Services, startServices } from '@bqtail/local-stack';

/** Services of one test file, with their data. */
export interface OwnServices extends Services {
  readonly dataDir: string;
}

/** @param dynamicConfig of Temporal. */
export async function startOwnServices(dynamicConfig: Readonly<Record<string, number>> = {}): Promise<OwnServices> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-own-'));
  const options = { ports: await choosePorts(0), dataDir, project: 'bqtail-test', temporal: { dynamicConfig } };
  return { ...(await startServices(options)), dataDir };
}

export async function stopOwnServices({ processes, dataDir }: OwnServices): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()));
  await rm(dataDir, { recursive: true, force: true });
}
