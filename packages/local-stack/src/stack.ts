import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type StackProcess, type StackProcessOptions, startProcess } from './childProcess';
import type { Ports } from './ports';
import type { DevServerOptions } from './temporal/main';

/** Addresses and processes of the local services. */
export interface Services {
  /** `http://127.0.0.1:<port>`, Cloud Storage JSON API. */
  readonly storage: string;
  /** `http://127.0.0.1:<port>`, BigQuery REST API. */
  readonly bigquery: string;
  /** `127.0.0.1:<port>`, Temporal's gRPC. */
  readonly temporal: string;
  /** `http://127.0.0.1:<port>`, Temporal's Web UI; absent when TEMPORAL_ADDRESS names another server. */
  readonly ui?: string;
  /** `127.0.0.1:<port>`, gRPC and REST of the Pub/Sub emulator, to which the Cloud Storage emulator publishes notifications. */
  readonly pubsub: string;
  /** `host:port` of the Pub/Sub to which rules publish messages: PUBSUB_EMULATOR_HOST if it is set, else `pubsub`. */
  readonly messages: string;
  /** `http://127.0.0.1:<port>`, the request catcher. */
  readonly catcher: string;
  readonly processes: readonly StackProcess[];
}

/** Options of the services. */
export interface ServicesOptions {
  readonly ports: Omit<Ports, 'bridge'>;
  /** Folder for the data of all services. */
  readonly dataDir: string;
  readonly project: string;
  /** More settings of Temporal's dev server. */
  readonly temporal?: Pick<DevServerOptions, 'namespaces' | 'dynamicConfig'>;
}

/**
 * Starts the services, each in a process of its own. When TEMPORAL_ADDRESS is set, that Temporal server is used instead of
 * a new one. When PUBSUB_EMULATOR_HOST is set, rules publish their messages there; notifications stay on this machine.
 *
 * @throws Error when a service does not start; the others are stopped.
 */
export async function startServices({ ports, dataDir, project, temporal }: ServicesOptions): Promise<Services> {
  const folder = async (name: string) => {
    await mkdir(join(dataDir, name), { recursive: true });
    return join(dataDir, name);
  };
  const storage = `http://127.0.0.1:${ports.storage}`;
  const otherTemporal = process.env['TEMPORAL_ADDRESS'] || undefined;
  const otherPubSub = process.env['PUBSUB_EMULATOR_HOST']?.replace(/^https?:\/\//, '') || undefined;
  const pubsub = `127.0.0.1:${ports.pubsub}`;
  const database = join(await folder('temporal'), 'temporal.db');
  // The services start in parallel: storage retries until Pub/Sub listens.
  const starting = [
    startService('pubsub', { port: ports.pubsub, dataDir: await folder('pubsub') }),
    startService('storage', { port: ports.storage, dataDir: await folder('storage'), project, pubsub }),
    startService('bigquery', {
      port: ports.bigquery,
      dataDir: await folder('bigquery'),
      project,
      storage: { url: storage },
    }),
    startService('catcher', { port: ports.catcher, pubsub: otherPubSub ? undefined : pubsub }),
    ...(otherTemporal
      ? []
      : [startService('temporal', { port: ports.temporal, uiPort: ports.ui, database, ...temporal })]),
  ];
  const processes = await allOrNone(starting);
  return {
    storage,
    bigquery: `http://127.0.0.1:${ports.bigquery}`,
    temporal: otherTemporal ?? `127.0.0.1:${ports.temporal}`,
    ui: otherTemporal ? undefined : `http://127.0.0.1:${ports.ui}`,
    pubsub,
    messages: otherPubSub ?? pubsub,
    catcher: `http://127.0.0.1:${ports.catcher}`,
    processes,
  };
}

/** Waits until all processes have started. When one fails, stops the others. */
export async function allOrNone(starting: readonly Promise<StackProcess>[]): Promise<StackProcess[]> {
  const settled = await Promise.allSettled(starting);
  const started = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (!failed) return started;
  await Promise.all(started.map((process) => process.stop()));
  throw failed.reason;
}

const SCRIPTS = {
  storage: require.resolve('@bqtail/storage-emulator/main'),
  bigquery: require.resolve('@bqtail/bigquery-emulator/main'),
  pubsub: require.resolve('@bqtail/pubsub-emulator/main'),
  catcher: join(__dirname, 'catcher', 'main.js'),
  temporal: join(__dirname, 'temporal', 'main.js'),
};

/** Starts one service as a process of its own. */
export function startService(
  name: keyof typeof SCRIPTS,
  options: Readonly<Record<string, unknown>>,
  stdout: StackProcessOptions['stdout'] = 'stderr',
): Promise<StackProcess> {
  return startProcess({ name, script: SCRIPTS[name], args: [JSON.stringify(options)], stdout });
}
