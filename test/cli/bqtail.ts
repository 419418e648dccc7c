import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'cli', 'main.js');

/** Result of a command. */
interface CommandResult {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the commands unless they exist. */
export function built(): void {
  if (!existsSync(MAIN)) execFileSync('npm', ['run', 'build'], { cwd: ROOT });
}

/** Runs `bqtail` as a user does, without the variables of the test's own environment that affect it. */
export function bqtail(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = ROOT): Promise<CommandResult> {
  const foreign = /^(TEMPORAL_|CONFIG$|.*_PROJECT$|.*_EMULATOR_HOST$)/;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)));
  return new Promise((resolve) => {
    const options = { env: { ...clean, ...env }, cwd, timeout: 80_000 };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
