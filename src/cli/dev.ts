import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Services } from '@bqtail/local-stack';
import { CommandError } from './commandError';
import { DEV_NAMES, rulesUrl } from './dev/appConfig';
import { type App, startApp } from './dev/localApp';
import { loadLocalStack } from './localStack';
import { untilStopped } from './serviceProcess';

/** Options of `bqtail dev`. */
export interface DevOptions {
  readonly portBase?: number;
  readonly data?: string;
  /** File of faults for the emulators. */
  readonly faults?: string;
  readonly output: 'text' | 'json';
}

/** A running local stack: services, bridge and worker. */
export interface LocalStack {
  readonly services: Services;
  readonly app: App;
  stop(): Promise<void>;
}

/**
 * Starts services, bridge and worker for a command.
 *
 * @param stdout where the log of bridge and worker goes.
 * @throws CommandError when the local stack is not installed, or ports or faults cannot be used.
 */
export async function startStack(
  command: 'dev' | 'demo',
  options: Omit<DevOptions, 'output'>,
  stdout: 'stdout' | 'stderr' | 'ignore',
): Promise<LocalStack> {
  const { choosePorts, getServer, injectFaults, readFaultsFile, startServices, UsageError } =
    await loadLocalStack(command);
  const { faults, ports } = await (async () => ({
    faults: options.faults === undefined ? undefined : await readFaultsFile(options.faults),
    ports: await choosePorts(options.portBase),
  }))().catch((error: unknown) => {
    throw error instanceof UsageError ? new CommandError(error.message) : error;
  });
  if (!process.env['TEMPORAL_ADDRESS']) await getServer((line) => process.stderr.write(`${line}\n`));
  const dataDir = options.data ? resolve(options.data) : await mkdtemp(join(tmpdir(), 'bqtail-'));
  const services = await startServices({ ports, dataDir, project: DEV_NAMES.project });
  const stopServices = () => Promise.all(services.processes.map((process) => process.stop()));
  try {
    const app = await startApp(services, DEV_NAMES, { dataDir, bridgePort: ports.bridge, stdout });
    // After the set-up, so that it does not use up the faults.
    if (faults) await injectFaults(services, faults);
    return {
      services,
      app,
      async stop() {
        await app.stop();
        await stopServices();
        if (!options.data) await rm(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stopServices();
    throw error;
  }
}

/** `bqtail dev`: runs everything on this machine until it is stopped. */
export async function dev(options: DevOptions): Promise<void> {
  const { services, app, stop } = await startStack('dev', options, options.output === 'json' ? 'stderr' : 'stdout');
  process.stdout.write(
    options.output === 'json' ? `${JSON.stringify(addresses(services, app))}\n` : text(services, app),
  );
  const died = new Promise<string>((resolve) => {
    for (const { name, process: child } of [...services.processes, app.bridge, app.worker]) {
      child.once('exit', () => resolve(name));
    }
  });
  const ended = await Promise.race([untilStopped(), died]);
  await stop();
  if (ended !== undefined) throw new Error(`${ended} ended unexpectedly; see its messages above`);
}

/** Addresses and names of a stack, as `--output json` prints them. */
export function addresses(services: Services, { names, bridge }: App) {
  return {
    storage: services.storage,
    bigquery: services.bigquery,
    temporal: services.temporal,
    ui: services.ui,
    bridge: `http://127.0.0.1:${bridge.port}`,
    pubsub: services.messages,
    catcher: services.catcher,
    project: names.project,
    triggerBucket: names.triggerBucket,
    configBucket: names.configBucket,
    opsBucket: names.opsBucket,
    rulesUrl: rulesUrl(names),
  };
}

function text(services: Services, app: App): string {
  const { storage, bigquery, temporal, ui, bridge, project, triggerBucket, rulesUrl: rules } = addresses(services, app);
  const { messages: pubsub, catcher } = services;
  return [
    'The local stack runs:',
    `  Cloud Storage    ${storage}    export STORAGE_EMULATOR_HOST=${storage}`,
    `  BigQuery         ${bigquery}    export BIGQUERY_EMULATOR_HOST=${bigquery}`,
    `  Temporal         ${temporal}${ui === undefined ? '' : `    Web UI ${ui}`}`,
    `  bridge           ${bridge}`,
    `  Pub/Sub          ${pubsub}    export PUBSUB_EMULATOR_HOST=${pubsub}`,
    `  request catcher  ${catcher}    shows received calls, Slack and Pub/Sub messages`,
    `  project          ${project}`,
    `  rules            ${rules}`,
    `  data files       gs://${triggerBucket}`,
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}
