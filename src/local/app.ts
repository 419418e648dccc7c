import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StackProcess, type StackProcessOptions, startProcess } from './childProcess';
import { allOrNone, type Services } from './stack';

/** Names by which one bridge with its worker is told from others on the same services. */
export interface AppNames {
  readonly project: string;
  readonly triggerBucket: string;
  readonly configBucket: string;
  readonly opsBucket: string;
  readonly taskQueue: string;
}

/** The names that `bqtail dev` uses. */
export const DEV_NAMES: AppNames = {
  project: 'bqtail-local',
  triggerBucket: 'bqtail-trigger',
  configBucket: 'bqtail-config',
  opsBucket: 'bqtail-ops',
  taskQueue: 'bqtail',
};

/** A running bridge and worker. */
export interface App {
  readonly names: AppNames;
  readonly bridge: StackProcess;
  readonly worker: StackProcess;
  /** The configuration file of both. */
  readonly configFile: string;
  /** Another worker of the same task queue, as after a crash. */
  startWorker(): Promise<StackProcess>;
  stop(): Promise<void>;
}

const SLACK_TOKEN = 'BQTAIL_SLACK_TOKEN';

/** How often the rules are looked at, so that a new one is seen within a second. */
const CHECK_IN_MS = 500;

/** The configuration that belongs to the names. */
export function appConfig(
  names: AppNames,
  bridgePort: number,
  services: Pick<Services, 'catcher'>,
): Record<string, unknown> {
  const ops = `gs://${names.opsBucket}/BqTail`;
  return {
    ProjectID: names.project,
    TriggerBucket: names.triggerBucket,
    RulesURL: rulesUrl(names),
    CheckInMs: CHECK_IN_MS,
    AsyncTaskURL: `${ops}/Tasks`,
    JournalURL: `${ops}/Journal`,
    ErrorURL: `${ops}/errors`,
    CorruptedFileURL: `${ops}/Corrupted`,
    InvalidSchemaURL: `${ops}/InvalidSchema`,
    TaskQueue: names.taskQueue,
    Bridge: { Host: '127.0.0.1', Port: bridgePort },
    Outbound: { Hosts: ['*', 'localhost', '127.0.0.1', '::1'] },
    SlackCredentials: { Env: SLACK_TOKEN },
    SlackApiURL: `${services.catcher}/slack/api/`,
  };
}

/** Folder of the rules. */
export function rulesUrl(names: AppNames): string {
  return `gs://${names.configBucket}/BqTail/Rules`;
}

/** Environment that points the official clients to the services. */
export function clientEnvironment(services: Services): NodeJS.ProcessEnv {
  return {
    STORAGE_EMULATOR_HOST: services.storage,
    BIGQUERY_EMULATOR_HOST: services.bigquery,
    TEMPORAL_ADDRESS: services.temporal,
    PUBSUB_EMULATOR_HOST: services.pubsub,
    // The catcher takes whatever looks like a token.
    [SLACK_TOKEN]: process.env[SLACK_TOKEN] ?? 'xoxb-local',
  };
}

/**
 * Makes buckets and notifications, and starts bridge and worker on the services, just as in production: by the project's own
 * commands, one configuration file and the environment.
 */
export async function startApp(
  services: Services,
  names: AppNames,
  options: {
    readonly dataDir: string;
    readonly bridgePort: number;
    readonly stdout: StackProcessOptions['stdout'];
    /** Of the configuration, besides or in place of those of `appConfig`. */
    readonly settings?: Readonly<Record<string, unknown>>;
  },
): Promise<App> {
  await makeBuckets(services, names);
  await mkdir(options.dataDir, { recursive: true });
  const file = join(options.dataDir, `${names.taskQueue}.json`);
  const config = { ...appConfig(names, options.bridgePort, services), ...options.settings };
  await writeFile(file, JSON.stringify(config, null, 2));
  const run = (name: string, args: string[]) =>
    startProcess({
      name,
      script: 'cli/main.js',
      args: [...args, '--config', file],
      env: clientEnvironment(services),
      stdout: options.stdout,
    });
  const startWorker = () => run('worker', ['worker']);
  const [bridge, worker] = await allOrNone([run('bridge', ['serve']), startWorker()]);
  if (!bridge || !worker) throw new Error('bridge or worker did not start');
  const workers = [worker];
  await publishEvents(services, names, bridge.port);
  return {
    names,
    bridge,
    worker,
    configFile: file,
    async startWorker() {
      const another = await startWorker();
      workers.push(another);
      return another;
    },
    async stop() {
      await Promise.all([bridge, ...workers].map((process) => process.stop()));
    },
  };
}

/** The buckets of the names, unless they are there. */
export async function makeBuckets(services: Services, names: AppNames): Promise<void> {
  const { project, triggerBucket, configBucket, opsBucket } = names;
  const make = (name: string) => call(services, 'POST', `/storage/v1/b?project=${project}`, { name });
  await Promise.all([triggerBucket, configBucket, opsBucket].map(make));
}

/** Notifications of the trigger bucket, pushed to the bridge. */
export async function publishEvents(
  services: Services,
  { project, triggerBucket }: AppNames,
  bridgePort: number,
): Promise<void> {
  const topic = `projects/${project}/topics/${triggerBucket}`;
  const subscription = `projects/${project}/subscriptions/${triggerBucket}`;
  await call(services, 'PUT', `/v1/${topic}`, {});
  const pushConfig = { pushEndpoint: `http://127.0.0.1:${bridgePort}/` };
  const known = await call(services, 'PUT', `/v1/${subscription}`, { topic, pushConfig });
  if (known === 'exists') await call(services, 'POST', `/v1/${subscription}:modifyPushConfig`, { pushConfig });
  const configs = `/storage/v1/b/${triggerBucket}/notificationConfigs`;
  const { items = [] } = (await (await fetch(services.storage + configs)).json()) as { items?: unknown[] };
  if (items.length > 0) return;
  await call(services, 'POST', configs, {
    topic: `//pubsub.googleapis.com/${topic}`,
    event_types: ['OBJECT_FINALIZE'],
    payload_format: 'JSON_API_V1',
  });
}

async function call(services: Services, method: string, path: string, body: unknown): Promise<'made' | 'exists'> {
  const answer = await fetch(services.storage + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status === 409) return 'exists';
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return 'made';
}
