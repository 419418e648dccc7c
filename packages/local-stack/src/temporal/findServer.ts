import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Newest tag of the Temporal CLI that `go install` takes. */
const GO_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const EXECUTABLE = platform() === 'win32' ? 'temporal.exe' : 'temporal';
/** A cold `go install` compiles the whole server. */
const GO_INSTALL_TIMEOUT_MS = 30 * 60_000;

/** Folder for what is got once a machine, outside every checkout. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { BQTAIL_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = env;
  if (BQTAIL_CACHE) return BQTAIL_CACHE;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'bqtail');
  return join(XDG_CACHE_HOME ?? LOCALAPPDATA ?? join(homedir(), '.cache'), 'bqtail');
}

/** A Temporal CLI that is there already: on the PATH, or got before. */
export function findServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, serverFolder(env)].map((folder) => join(folder, EXECUTABLE)).find(isExecutable);
}

/**
 * A Temporal CLI, got when there is none: by the SDK's own download, else by `go install`.
 *
 * @param say is told what takes long.
 * @throws Error that says what was tried.
 */
export async function getServer(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = findServer(env);
  if (found) return found;
  const folder = serverFolder(env);
  mkdirSync(folder, { recursive: true });
  const tried: string[] = [];
  for (const [what, get] of [
    ['download of the Temporal CLI', download],
    [`go install ${GO_MODULE} (some minutes)`, goInstall],
  ] as const) {
    say(`no Temporal server found; trying: ${what}`);
    try {
      await get(folder);
      return join(folder, EXECUTABLE);
    } catch (error) {
      tried.push(`${what}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  throw new Error(
    `no Temporal server: put \`temporal\` on the PATH or set TEMPORAL_ADDRESS. Tried: ${tried.join('; ')}`,
  );
}

function serverFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'temporal');
}

/** The SDK gets the server as a side effect of starting it. */
async function download(folder: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const started = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder } },
  });
  await started.teardown();
  const [name] = readdirSync(folder).filter((file) => file.startsWith('temporal-'));
  if (name === undefined) throw new Error('the SDK left no server in its download folder');
  renameSync(join(folder, name), join(folder, EXECUTABLE));
}

async function goInstall(folder: string): Promise<void> {
  const staging = join(folder, `staging-${process.pid}`);
  try {
    await run('go', ['install', GO_MODULE], {
      env: { ...process.env, GOBIN: staging, GOFLAGS: '-mod=mod' },
      cwd: folder,
      timeout: GO_INSTALL_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    renameSync(join(staging, EXECUTABLE), join(folder, EXECUTABLE));
  } finally {
    if (existsSync(staging)) rmSync(staging, { recursive: true });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
