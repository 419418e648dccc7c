import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { findServer } from '@bqtail/local-stack';
import { clientEnvironment } from '../../../src/cli/dev/appConfig';
import type { TestApp } from './testApp';

const MAIN = join(__dirname, '../../../dist/cli/main.js');

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Temporal's own CLI, as operators do. @returns its standard output. @throws Error with its messages when it fails. */
export async function temporal({ services }: TestApp, ...args: string[]): Promise<string> {
  const ended = await run(findServer() ?? 'temporal', [...args, '--address', services.temporal], {});
  if (ended.code !== 0) throw new Error(`temporal ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

/** Runs a `bqtail` command with the configuration and the services of an app. */
export function bqtail(app: TestApp, ...args: string[]): Promise<Ended> {
  return run(process.execPath, [MAIN, ...args], { ...clientEnvironment(app.services), CONFIG: app.app.configFile });
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
