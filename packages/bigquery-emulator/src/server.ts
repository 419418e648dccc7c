import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
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

/** A running emulator. */
export interface BigQueryServer {
  readonly port: number;
  /** Stops the emulator. Its data stay; the next start runs unfinished jobs again. */
  close(): Promise<void>;
}

/**
 * Starts the BigQuery emulator on 127.0.0.1. Only one process at a time may use a data folder.
 *
 * @example const { port, close } = await startBigQuery({ port: 0, dataDir: '/data', project: 'p' })
 */
export async function startBigQuery(options: BigQueryOptions): Promise<BigQueryServer> {
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
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, '127.0.0.1', done);
  });
  const port = portOf(server.address());
  await dropAllTemporary(context);
  jobs.resume(unfinished);
  const stopDropping = dropExpiredRegularly(context);

  const close = async () => {
    stopDropping();
    await new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
    await jobs.close();
    await database.close();
  };
  return { port, close };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error(`Expected a TCP address, got ${address}`);
  return address.port;
}
