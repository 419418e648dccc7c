import { serve as listen } from '@hono/node-server';
import { BackfillSchedules } from '../backfill/backfillSchedules';
import { connectClient } from '../config/temporal';
import { bridgeApp } from '../starter/http';
import { tokenVerifier } from '../starter/pushToken';
import { makeDependencies } from '../worker/dependencies';
import { registerSearchAttributes } from '../worker/searchAttributes';
import { makeIntake } from './intake';
import { checkListening } from './listening';
import { makeLog } from './log';
import { readConfig, reportConfig } from './readConfig';
import { reportRules } from './ruleReport';
import { reportReady, untilStopped } from './serviceProcess';

/** `bqtail serve`: receives pushed events, and starts and signals workflows. */
export async function serve(options: {
  readonly config?: string;
  readonly allowUnauthenticated?: boolean;
}): Promise<void> {
  const config = await readConfig(options.config);
  checkListening(config.bridge, options.allowUnauthenticated);
  const log = makeLog('bridge');
  reportConfig(config, log);
  const client = await connectClient();
  await registerSearchAttributes(client).catch((error: Error) => log.warn(`search attributes: ${error.message}`));
  const { rules } = makeDependencies(config, (message, fields) => log.info(fields, message), reportRules(log));
  const schedules = new BackfillSchedules(client, config.taskQueue);
  const rescan = async () => {
    await rules.scan().catch((error: Error) => log.error(`rules at ${config.rulesUrl}: ${error.message}`));
    const current = await rules.current().catch(() => undefined);
    // Keep all Schedules while there are no rules, such as when they cannot be read.
    if (!current || current.urls.length === 0) return;
    await schedules.follow(current.rules).catch((error: Error) => log.error(`backfill schedules: ${error.message}`));
  };
  await rescan();
  const scans = setInterval(rescan, config.checkInMs);
  const { starter, close } = makeIntake(config, rules, client);
  const app = bridgeApp({
    handle: (event) => starter.handle(event),
    onResponse: (response) => {
      const message = `${response.Status} ${response.TriggerURL}`;
      if (response.Status === 'error') log.error({ ...response }, message);
      else log.info({ ...response }, message);
    },
    onInvalid: (reason) => log.warn(`request refused: ${reason}`),
    verify: config.bridge.push && tokenVerifier(config.bridge.push),
  });
  const server = listen({ fetch: app.fetch, hostname: config.bridge.host, port: config.bridge.port }, ({ port }) => {
    log.info(`listening on http://${config.bridge.host}:${port}`);
    reportReady(port);
  });
  const failed = new Promise<never>((_resolve, reject) => server.once('error', reject));
  await Promise.race([untilStopped(), failed]);
  clearInterval(scans);
  close();
  await new Promise((resolve) => server.close(resolve));
  await client.connection.close();
}
