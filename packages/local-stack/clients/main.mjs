// `npm run test:clients`: checks the emulators with Google's Python and Go clients. Exit code 0: all checks passed, 1: some
// failed, 2: no client could run.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { cacheFolder } = require('@bqtail/local-stack');
const PROJECT = 'clients';

const say = (line) => process.stderr.write(`clients: ${line}\n`);

/** The first command that runs; undefined when none does. */
function firstRunning(commands, args) {
  return commands.find((command) => {
    try {
      execFileSync(command, args, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** Cache folder for results that depend on the contents of some files. */
function cached(name, files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return join(cacheFolder(), 'clients', `${name}-${hash.digest('hex').slice(0, 12)}`);
}

const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: ['ignore', 2, 2] });

/** A Python with the clients in a virtual environment; undefined when there is no Python. */
function python() {
  const command = firstRunning(['python3', 'python'], ['-c', 'import sys, venv; assert sys.version_info >= (3, 9)']);
  if (!command) return undefined;
  const requirements = join(here, 'python', 'requirements.txt');
  const folder = cached('python', [requirements]);
  const executable = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    say(`installing the Python clients into ${folder}`);
    rmSync(folder, { recursive: true, force: true });
    run(command, ['-m', 'venv', folder]);
    run(executable, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
    mkdirSync(complete);
  }
  return { command: executable, args: ['-B', join(here, 'python', 'main.py')] };
}

/** The compiled Go program; undefined when there is no Go. */
function go() {
  if (!firstRunning(['go'], ['version'])) return undefined;
  const folder = join(here, 'go');
  const executable = join(
    cached(
      'go',
      ['main.go', 'go.mod', 'go.sum'].map((name) => join(folder, name)),
    ),
    'clients',
  );
  if (!existsSync(executable)) {
    say('building the Go program');
    run('go', ['build', '-mod=readonly', '-o', executable, '.'], folder);
  }
  return { command: executable, args: [] };
}

/** Starts an emulator. @returns its process and its address. */
async function startEmulator(name, options) {
  const child = spawn(process.execPath, [require.resolve(`@bqtail/${name}-emulator/main`), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, url: `http://127.0.0.1:${JSON.parse(line).port}` };
  }
  throw new Error(`the ${name} emulator did not start`);
}

/** Runs a program of checks and counts its lines. A program that ends with an error counts as one more failure. */
async function checks(language, { command, args }, env, counts) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.once('error', (error) => resolve(error.message));
  });
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lines++;
    process.stdout.write(`${language}: ${line}\n`);
    counts[line.startsWith('ok ') ? 'passed' : 'failed']++;
  }
  const end = await ended;
  if (end === 0 && lines > 0) return;
  process.stdout.write(`${language}: FAILED the program ended (${end}) after ${lines} checks\n`);
  counts.failed++;
}

/** The program of a language. Prints why when there is none. */
function prepared(language, prepare, counts) {
  try {
    const program = prepare();
    if (!program) process.stdout.write(`${language}: skipped, it is not installed\n`);
    return program;
  } catch (error) {
    process.stdout.write(`${language}: FAILED to install the clients: ${error.message.split('\n')[0]}\n`);
    counts.failed++;
    return undefined;
  }
}

async function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function main() {
  const counts = { passed: 0, failed: 0 };
  const programs = { python: prepared('python', python, counts), go: prepared('go', go, counts) };
  const dataDir = mkdtempSync(join(tmpdir(), 'bqtail-clients-'));
  const started = [];
  try {
    const storage = await startEmulator('storage', { dataDir: join(dataDir, 'storage'), project: PROJECT });
    started.push(storage.child);
    const options = { dataDir: join(dataDir, 'bigquery'), project: PROJECT, storage: { url: storage.url } };
    const bigquery = await startEmulator('bigquery', options);
    started.push(bigquery.child);
    const env = {
      STORAGE_EMULATOR_HOST: storage.url,
      BIGQUERY_EMULATOR_HOST: bigquery.url,
      CLIENTS_PROJECT: PROJECT,
    };
    for (const [language, program] of Object.entries(programs)) {
      if (program) await checks(language, program, env, counts);
    }
  } finally {
    await Promise.all(started.map(stopped));
    rmSync(dataDir, { recursive: true, force: true });
  }
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  if (counts.failed > 0) return 1;
  return counts.passed > 0 ? 0 : 2;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    say(error.message);
    process.exit(2);
  },
);
