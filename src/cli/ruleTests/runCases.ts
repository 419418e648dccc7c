import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '@bqtail/local-stack';
import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { connectClient } from '../../config/temporal';
import { connectWorker } from '../../worker/connection';
import { registerSearchAttributes } from '../../worker/searchAttributes';
import { clientEnvironment } from '../dev/appConfig';
import { loadLocalStack } from '../localStack';
import type { TestServices } from './caseApp';
import { namesOfRun } from './caseNames';
import { type CaseResult, type RunOptions, runCase } from './runCase';
import type { TestCase } from './testCase';

const PROJECT = 'bqtail-test';

/** Options of a run of cases. */
export interface RunAllOptions extends RunOptions {
  /** Maximum number of cases that run in parallel; 1 when TEMPORAL_ADDRESS names a server. */
  readonly parallel: number;
}

/** Starts the local services once and runs all cases on them. `onResult` gets each result as its case ends. */
export async function runCases(
  cases: readonly TestCase[],
  options: RunAllOptions,
  onResult: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  const { choosePorts, getServer, startServices } = await loadLocalStack('test');
  const external = Boolean(process.env['TEMPORAL_ADDRESS']);
  if (!external) await getServer((line) => process.stderr.write(`${line}\n`));
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-test-'));
  // Cases of one table have equal workflow IDs, so each of the cases that run in parallel needs its own namespace.
  const lanes = external ? 1 : Math.min(options.parallel, cases.length);
  const namespaces = Array.from({ length: lanes }, (_, at) => (external ? undefined : `lane-${at + 1}`));
  const temporal = { namespaces: namespaces.filter((name) => name !== undefined) };
  const services = await startServices({ ports: await choosePorts(0), dataDir, project: PROJECT, temporal });
  try {
    return await onServices(services, namespaces, cases, options, onResult);
  } finally {
    await Promise.all(services.processes.map((process) => process.stop()));
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onServices(
  services: Services,
  namespaces: readonly (string | undefined)[],
  cases: readonly TestCase[],
  options: RunAllOptions,
  onResult: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  // Bridges and workers run in this process, with the environment that they have in `bqtail dev`.
  Object.assign(process.env, clientEnvironment(services));
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR', () => {}) });
  const configured = await connectClient();
  const { connection, namespace: defaultNamespace } = await connectWorker();
  const inNamespace = (namespace = defaultNamespace) => new Client({ connection: configured.connection, namespace });
  // Sequentially, because the server refuses two changes at the same time.
  for (const namespace of namespaces) await registerSearchAttributes(inNamespace(namespace));
  const results: CaseResult[] = [];
  const waiting = [...cases.entries()];
  const lane = async (namespace = defaultNamespace): Promise<void> => {
    const client = inNamespace(namespace);
    const shared: TestServices = { services, client, connection, namespace };
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, testCase] = next;
      const result = await runCase(testCase, namesOfRun(at + 1), shared, options);
      results[at] = result;
      onResult(result);
    }
  };
  await Promise.all(namespaces.map((namespace) => lane(namespace)));
  await Promise.all([configured.connection.close(), connection.close()]);
  return results;
}
