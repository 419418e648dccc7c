import { DefaultLogger, Runtime } from '@temporalio/worker';
import { connectClient } from '../config/temporal';
import { connectWorker } from '../worker/connection';
import { makeDependencies } from '../worker/dependencies';
import { registerSearchAttributes } from '../worker/searchAttributes';
import { createWorker } from '../worker/worker';
import { makeIntake } from './intake';
import { makeLog } from './log';
import { readConfig, reportConfig } from './readConfig';
import { reportRules } from './ruleReport';
import { reportReady, untilStopped } from './serviceProcess';

/** `bqtail worker`: runs workflows and activities. @param dependenciesOf makes what the activities work with */
export async function worker(
  options: { readonly config?: string },
  dependenciesOf: typeof makeDependencies = makeDependencies,
): Promise<void> {
  const config = await readConfig(options.config);
  const log = makeLog('worker');
  reportConfig(config, log);
  Runtime.install({
    shutdownSignals: [],
    // Log lines of Temporal's native core go through the same logger, so that all lines are structured.
    telemetryOptions: { logging: { filter: 'WARN', forward: {} } },
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const write = level === 'ERROR' ? log.error.bind(log) : log.warn.bind(log);
      write({ ...meta }, message);
    }),
  });
  const client = await connectClient();
  await registerSearchAttributes(client).catch((error: Error) => log.warn(`search attributes: ${error.message}`));
  const { connection, namespace } = await connectWorker();
  const logMessage = (message: string, { severity, ...fields }: Readonly<Record<string, unknown>>) =>
    severity === 'ERROR' ? log.error(fields, message) : log.info(fields, message);
  const deps = dependenciesOf(config, logMessage, reportRules(log));
  const { backfill } = makeIntake(config, deps.rules, client);
  const running = await createWorker(connection, namespace, deps, { backfill: (request) => backfill(request) });
  const ended = running.run();
  log.info(`polling task queue ${config.taskQueue}`);
  reportReady();
  await Promise.race([untilStopped(), ended]);
  if (running.getState() === 'RUNNING') running.shutdown();
  await ended;
  await Promise.all([connection.close(), client.connection.close()]);
}
