import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { type ListeningService, listen } from '@bqtail/emulator-kit';
import { getRequestListener } from '@hono/node-server';
import { CallCounts } from './callCounts';
import { Faults } from './faults';
import { createApp } from './http/app';
import type { Services } from './http/context';
import { OutboxPublisher } from './notifications/outboxPublisher';
import { PubsubClient } from './notifications/pubsub';
import type { StorageOptions } from './options';
import { Blobs } from './store/blobs';
import { Buckets } from './store/buckets';
import { Database } from './store/database';
import { Notifications } from './store/notifications';
import { Objects } from './store/objects';
import { Outbox } from './store/outbox';
import { PartUploads } from './uploads/parts';
import { ResumableUploads } from './uploads/resumable';

/** Longer than clients keep an idle connection, so that no call arrives on a connection that is just being closed. */
const KEEP_ALIVE_MS = 120_000;

/** Clients that upload thousands of files open as many connections at once; Node's default of 511 would refuse some. */
const BACKLOG = 4096;

/**
 * Starts the Cloud Storage emulator on 127.0.0.1. Only one process at a time may use a data folder.
 *
 * @example const { port, close } = await startStorage({ port: 0, dataDir: '/data', project: 'p', buckets: ['b'] })
 */
export async function startStorage(options: StorageOptions): Promise<ListeningService> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const db = new Database(dataDir);
  const blobs = new Blobs(db, dataDir);
  await blobs.open();
  const outbox = new Outbox(db);
  const notifications = new Notifications(db, outbox);
  const pubsub = options.pubsub === undefined ? undefined : new PubsubClient(options.pubsub);
  const publisher = pubsub && new OutboxPublisher(outbox, pubsub);
  const objects = new Objects(db, blobs, (event, afterCommit) => notifications.record(event, afterCommit));
  const uploads = new ResumableUploads(db, blobs, objects);
  const services: Services = {
    project: options.project,
    db,
    blobs,
    buckets: new Buckets(db),
    objects,
    notifications,
    pubsub,
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
  publisher?.start();

  const close = async () => {
    await closeServer();
    await publisher?.close();
    await Promise.all([orphans, blobs.close()]);
    await db.close();
  };
  return { port, close };
}

async function createBuckets({ db, buckets }: Services, options: StorageOptions): Promise<void> {
  const existing = new Set([...db.buckets.getRange({})].map(({ value }) => value.name));
  for (const name of options.buckets) if (!existing.has(name)) await buckets.insert(options.project, name, {});
}
