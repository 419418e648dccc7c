import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'cli', 'main.js');

/** How a command ended. */
interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the commands unless they are there. */
export function built(): void {
  if (!existsSync(MAIN)) execFileSync('npm', ['run', 'build'], { cwd: ROOT });
}

/** Runs the command as a user would, without what the test's own environment says of Temporal, Google and projects. */
export function bqtail(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = ROOT): Promise<Ended> {
  const foreign = /^(TEMPORAL_|CONFIG$|.*_PROJECT$|.*_EMULATOR_HOST$)/;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)));
  return new Promise((resolve) => {
    const options = { env: { ...clean, ...env }, cwd, timeout: 60_000 };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
