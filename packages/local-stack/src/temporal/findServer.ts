import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Newest version of the Temporal CLI that `go install` can build. */
const GO_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const EXECUTABLE = platform() === 'win32' ? 'temporal.exe' : 'temporal';
/** Without a build cache, `go install` compiles the whole server. */
const GO_INSTALL_TIMEOUT_MS = 30 * 60_000;

/** Folder for downloads that all checkouts on a machine share. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { BQTAIL_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = env;
  if (BQTAIL_CACHE) return BQTAIL_CACHE;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'bqtail');
  return join(XDG_CACHE_HOME ?? LOCALAPPDATA ?? join(homedir(), '.cache'), 'bqtail');
}

/** Path of an installed Temporal CLI: one on the PATH, or one that `getServer` installed. */
export function findServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, serverFolder(env)].map((folder) => join(folder, EXECUTABLE)).find(isExecutable);
}

/**
 * Path of a Temporal CLI. When there is none, installs one: by the download of Temporal's SDK, or else by `go install`.
 *
 * @param report receives a line before each step that may take long.
 * @throws Error that lists the attempts.
 */
export async function getServer(report: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const installed = findServer(env);
  if (installed) return installed;
  const folder = serverFolder(env);
  mkdirSync(folder, { recursive: true });
  const attempts: string[] = [];
  for (const [attempt, install] of [
    ['download of the Temporal CLI', download],
    [`go install ${GO_MODULE} (some minutes)`, goInstall],
  ] as const) {
    report(`no Temporal server found; trying: ${attempt}`);
    try {
      await install(folder);
      return join(folder, EXECUTABLE);
    } catch (error) {
      attempts.push(`${attempt}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  throw new Error(
    `no Temporal server: put \`temporal\` on the PATH or set TEMPORAL_ADDRESS. Tried: ${attempts.join('; ')}`,
  );
}

function serverFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'temporal');
}

/** The SDK downloads the server when it starts one. */
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
