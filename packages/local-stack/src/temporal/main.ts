import { spawn } from 'node:child_process';
import { Connection } from '@temporalio/client';
import { findServer } from './findServer';

/** Options of the dev server. */
export interface DevServerOptions {
  readonly port: number;
  readonly uiPort: number;
  /** File that keeps the state over restarts. */
  readonly database: string;
  /** Namespaces besides `default`. */
  readonly namespaces?: readonly string[];
  /** Values of Temporal's dynamic configuration, by key. */
  readonly dynamicConfig?: Readonly<Record<string, string | number>>;
}

const NAMESPACE = 'default';
const START_TIMEOUT_MS = 60_000;

/** Runs Temporal's dev server as the child of a process that ends with its parent. So a killed parent leaves no server. */
async function main(): Promise<void> {
  const options: DevServerOptions = JSON.parse(process.argv[2] ?? '');
  const executable = findServer();
  if (!executable) throw new Error('no Temporal server found; run the set-up step');
  const namespaces = [NAMESPACE, ...(options.namespaces ?? [])];
  const flags = [
    ['--ip', '127.0.0.1'],
    ['--port', String(options.port)],
    ['--ui-port', String(options.uiPort)],
    ['--db-filename', options.database],
    ...namespaces.map((namespace) => ['--namespace', namespace]),
    ['--log-level', 'error'],
    ...Object.entries(options.dynamicConfig ?? {}).map(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ];
  const server = spawn(executable, ['server', 'start-dev', ...flags.flat()], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = () => server.kill('SIGTERM');
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  server.on('exit', (code) => process.exit(code ?? 0));
  await untilReady(`127.0.0.1:${options.port}`, namespaces);
  process.send?.({ ready: true, port: options.port });
}

async function untilReady(address: string, namespaces: readonly string[]): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1000 });
      for (const namespace of namespaces) await connection.workflowService.describeNamespace({ namespace });
      await connection.close();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

main().catch((error: unknown) => {
  console.error('Temporal dev server:', error instanceof Error ? error.message : error);
  process.exit(1);
});
