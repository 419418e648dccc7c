import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { type ListeningService, listen } from '@bqtail/emulator-kit';
import { getRequestListener } from '@hono/node-server';
import { CallCounts } from './callCounts';
import { Faults } from './faults';
import { createApp } from './http/app';
import type { Services } from './http/context';
import type { StorageOptions } from './options';
import { Deliveries } from './pubsub/deliveries';
import { Topics } from './pubsub/topics';
import { Blobs } from './store/blobs';
import { Buckets } from './store/buckets';
import { Database } from './store/database';
import { Notifications } from './store/notifications';
import { Objects } from './store/objects';
import { PartUploads } from './uploads/parts';
import { ResumableUploads } from './uploads/resumable';

/** Longer than clients keep an idle connection, so that none sends a call into one that is just being closed. */
const KEEP_ALIVE_MS = 120_000;

/** Clients that upload thousands of files open as many connections at once; Node's default of 511 would refuse some. */
const BACKLOG = 4096;

/**
 * Starts the stand-in for Cloud Storage on 127.0.0.1. One process at a time may have a data folder.
 *
 * @example const { port, close } = await startStorage({ port: 0, dataDir: '/data', project: 'p', buckets: ['b'] })
 */
export async function startStorage(options: StorageOptions): Promise<ListeningService> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const db = new Database(dataDir);
  const blobs = new Blobs(db, dataDir);
  await blobs.open();
  const topics = new Topics(db);
  const deliveries = new Deliveries(db, topics);
  const notifications = new Notifications(db, topics);
  const objects = new Objects(db, blobs, (event, afterCommit) => notifications.record(event, afterCommit));
  const uploads = new ResumableUploads(db, blobs, objects);
  const services: Services = {
    project: options.project,
    db,
    blobs,
    buckets: new Buckets(db),
    objects,
    notifications,
    topics,
    deliveries,
    uploads,
    parts: new PartUploads(blobs, objects),
    counts: new CallCounts(),
    faults: new Faults(),
  };
  await createBuckets(services, options);
  const openBlobs = await uploads.openBlobs();
  const orphans = blobs.removeOrphans(openBlobs);

  // An upload of many gigabytes may take longer than any limit.
  const limits = { requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(limits, getRequestListener(createApp(services).fetch));
  const { port, close: closeServer } = await listen(server, { port: options.port, backlog: BACKLOG });
  notifications.base = `http://127.0.0.1:${port}`;
  deliveries.start();

  const close = async () => {
    deliveries.close();
    await closeServer();
    await Promise.all([orphans, blobs.close()]);
    await db.close();
  };
  return { port, close };
}

async function createBuckets({ db, buckets }: Services, options: StorageOptions): Promise<void> {
  const known = new Set([...db.buckets.getRange({})].map(({ value }) => value.name));
  for (const name of options.buckets) if (!known.has(name)) await buckets.insert(options.project, name, {});
}
