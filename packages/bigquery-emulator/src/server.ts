import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';

import { join, resolve } from 'node:path';
import { type ListeningService, listen } from '@bqtail/emulator-kit';
import { setupConnection } from '@bqtail/googlesql-duckdb';
import { getRequestListener } from '@hono/node-server';
import { CallCounts } from './callCounts';
import { Catalog } from './catalog';
import { Database } from './database';
import { dropExpiredRegularly } from './expiry';
import { Faults } from './faults';
import { createApp } from './http/app';
import type { JobContext } from './jobs/context';
import { JobStore } from './jobs/jobStore';
import { Jobs } from './jobs/jobs';
import { jobKinds } from './jobs/kinds';
import { dropAllTemporary } from './jobs/temporary';
import type { BigQueryOptions } from './options';
import { RecentIds } from './recentIds';
import { Queues } from './slots';
import { ObjectSource } from './storage/objects';
import { TableSizes } from './tableSize';

/** Longer than clients keep an idle connection, so that no client sends a call on a connection that the server closes. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts the BigQuery emulator on 127.0.0.1. Only one process at a time may use a data folder. Jobs that are not done when
 * the emulator closes run again at the next start.
 *
 * @throws Error when the port or the database is in use.
 * @example const { port, close } = await startBigQuery({ port: 0, dataDir: '/data', project: 'p' })
 */
export async function startBigQuery(options: BigQueryOptions): Promise<ListeningService> {
  const dataDir = resolve(options.dataDir);
  const scratch = join(dataDir, 'scratch');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const database = await Database.open(join(dataDir, 'bigquery.duckdb'), setupConnection);
  const catalog = new Catalog(database);
  await catalog.open();
  const store = new JobStore(database);
  const unfinished = await store.open();
  const queues = new Queues();
  const context: JobContext = {
    database,
    catalog,
    objects: new ObjectSource(options.storage?.url, options.project),
    sizes: new TableSizes(database),
    insertIds: new RecentIds(),
    queues,
    scratch,
    uploads: join(dataDir, 'uploads'),
  };
  const faults = new Faults();
  const jobs = new Jobs(database, store, jobKinds(context, store), faults, queues);
  const services = { project: options.project, jobContext: context, jobs, counts: new CallCounts(), faults };

  const limits = { requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(limits, getRequestListener(createApp(services).fetch));
  const { port, close: closeServer } = await listen(server, { port: options.port });
  await dropAllTemporary(context);
  jobs.resume(unfinished);
  const stopDropping = dropExpiredRegularly(context);

  const close = async () => {
    stopDropping();
    await closeServer();
    await jobs.close();
    await database.close();
  };
  return { port, close };
}
