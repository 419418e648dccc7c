import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Services, StackProcess, StackProcessOptions } from '@bqtail/local-stack';
import { loadLocalStack } from '../localStack';
import { type AppNames, appConfig, clientEnvironment } from './appConfig';
import { makeBuckets, publishEvents } from './notifications';

/** A running bridge and worker. */
export interface App {
  readonly names: AppNames;
  readonly bridge: StackProcess;
  readonly worker: StackProcess;
  /** The configuration file of both. */
  readonly configFile: string;
  /** Starts another worker of the same task queue, as after a crash. */
  startWorker(): Promise<StackProcess>;
  /** Starts the bridge again on the same port, as after a crash. */
  startBridge(): Promise<StackProcess>;
  stop(): Promise<void>;
}

/**
 * Makes buckets and notifications, and starts bridge and worker as in production: by the commands `serve` and `worker`, one
 * configuration file and the environment.
 */
export async function startApp(
  services: Services,
  names: AppNames,
  options: {
    readonly dataDir: string;
    readonly bridgePort: number;
    readonly stdout: StackProcessOptions['stdout'];
    /** Settings over those of `appConfig`. */
    readonly settings?: Readonly<Record<string, unknown>>;
    /** Another program in place of `bqtail worker`. */
    readonly worker?: { readonly script: string; readonly args: readonly string[] };
    /** Compiled `bqtail` command that runs bridge and worker; default: that of this checkout or install. */
    readonly command?: string;
  },
): Promise<App> {
  const { allOrNone, startProcess } = await loadLocalStack('dev');
  await makeBuckets(services, names);
  await mkdir(options.dataDir, { recursive: true });
  const file = join(options.dataDir, `${names.taskQueue}.json`);
  const config = { ...appConfig(names, options.bridgePort, services), ...options.settings };
  await writeFile(file, JSON.stringify(config, null, 2));
  const run = (name: string, args: readonly string[], script = options.command ?? commandScript()) =>
    startProcess({
      name,
      script,
      args: [...args, '--config', file],
      env: clientEnvironment(services),
      stdout: options.stdout,
    });
  const program = options.worker ?? { script: commandScript(), args: ['worker'] };
  const startWorker = () => run('worker', program.args, program.script);
  const startBridge = () => run('bridge', ['serve']);
  const [bridge, worker] = await allOrNone([startBridge(), startWorker()]);
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
    startBridge,
    async stop() {
      await Promise.all([bridge, ...workers].map((process) => process.stop()));
    },
  };
}

/** The compiled `bqtail` command, whether this file runs from `src` or from `dist`. */
function commandScript(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'dist', 'cli', 'main.js');
}
