// Prepares a checkout for all commands: installs packages, builds, finds a Temporal server. Skips each step that is up to date.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const say = (line) => process.stderr.write(`setup: ${line}\n`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Node ${process.versions.node} is too old; 20.19 or later is needed`);
  process.exit(2);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(files) {
  const hash = createHash('sha256').update(`${process.versions.node} ${process.platform} ${process.arch}`);
  for (const file of files) hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Does the work unless the stamp file says that it was done for the same content. */
function whenStale(stamp, content, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === content) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, content);
}

/** Runs a command; ends the set-up when it fails. The command prints the reason. */
function run(command, args) {
  try {
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  } catch {
    say(`failed: ${command} ${args.join(' ')}`);
    process.exit(1);
  }
}

whenStale(join(root, 'node_modules', '.bqtail-packages'), digest([join(root, 'package-lock.json')]), () => {
  say('installing packages');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
});

const packagesDir = join(root, 'packages');
const packages = readdirSync(packagesDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const dist = join(root, 'dist');
const distFolders = [dist, ...packages.map(({ name }) => join(packagesDir, name, 'dist'))];
const sources = [
  ...filesBelow(join(root, 'src')),
  ...packages.flatMap(({ name }) => [
    ...filesBelow(join(packagesDir, name, 'src')),
    ...['package.json', 'tsconfig.json'].map((file) => join(packagesDir, name, file)),
  ]),
  ...['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'packages/tsconfig.base.json'].map((name) =>
    join(root, name),
  ),
];
whenStale(join(dist, '.bqtail-build'), digest(sources), () => {
  say('building');
  for (const folder of distFolders) rmSync(folder, { recursive: true, force: true });
  run('npm', ['run', '--silent', 'build']);
});

if (!process.env.TEMPORAL_ADDRESS) {
  const { getServer } = require('@bqtail/local-stack');
  try {
    await getServer(say);
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}
