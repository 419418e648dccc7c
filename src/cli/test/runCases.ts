import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { connectClient } from '../../config/temporal';
import { clientEnvironment } from '../../local/app';
import { choosePorts } from '../../local/ports';
import { type Services, startServices } from '../../local/stack';
import { getServer } from '../../local/temporal/findServer';
import { connectWorker } from '../../worker/connection';
import { registerSearchAttributes } from '../../worker/searchAttributes';
import type { TestServices } from './caseApp';
import { namesOfRun } from './caseNames';
import { type CaseResult, type RunOptions, runCase } from './runCase';
import type { TestCase } from './testCase';

const PROJECT = 'bqtail-test';

export interface RunAllOptions extends RunOptions {
  /** Cases that run side by side. */
  readonly parallel: number;
}

/** Starts the local services once and runs all cases on them; `tell` hears of each as it ends. */
export async function runCases(
  cases: readonly TestCase[],
  options: RunAllOptions,
  tell: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  if (!process.env['TEMPORAL_ADDRESS']) await getServer((line) => process.stderr.write(`${line}\n`));
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-test-'));
  const services = await startServices({ ports: await choosePorts(0), dataDir, project: PROJECT });
  try {
    return await onServices(services, cases, options, tell);
  } finally {
    await Promise.all(services.processes.map((process) => process.stop()));
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onServices(
  services: Services,
  cases: readonly TestCase[],
  options: RunAllOptions,
  tell: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  // Bridges and workers run in this process, by the same environment as elsewhere.
  Object.assign(process.env, clientEnvironment(services));
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR', () => {}) });
  const client = await connectClient();
  await registerSearchAttributes(client);
  const { connection, namespace } = await connectWorker();
  const shared: TestServices = { services, client, connection, namespace };
  const results: CaseResult[] = [];
  const waiting = [...cases.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, testCase] = next;
      const result = await runCase(testCase, namesOfRun(at + 1), shared, options);
      results[at] = result;
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, cases.length) }, lane));
  await Promise.all([client.connection.close(), connection.close()]);
  return results;
}
