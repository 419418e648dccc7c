import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const locked = Object.entries(packages);

test('the lock file holds every optional package, so that npm ci works on each platform', () => {
  const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each([
  ['darwin', 'arm64'],
  ['darwin', 'x64'],
  ['linux', 'arm64'],
  ['linux', 'x64'],
  ['win32', 'x64'],
])('the lock file holds the native packages for %s on %s', (os, cpu) => {
  const built = (prefix: string) =>
    locked.some(
      ([path, entry]) =>
        path.startsWith(`node_modules/${prefix}`) && entry.os?.includes(os) && entry.cpu?.includes(cpu),
    );
  const families = [
    '@duckdb/node-bindings-',
    '@lmdb/lmdb-',
    '@node-rs/crc32-',
    '@swc/core-',
    '@typescript/typescript-',
  ];
  expect(families.filter((prefix) => !built(prefix))).toEqual([]);
});

test('the lock file names no address of a registry', () => {
  const addresses = locked.flatMap(([path, entry]) =>
    /"resolved":"(?!packages\/)/.test(JSON.stringify(entry)) ? [path] : [],
  );
  expect(addresses).toEqual([]);
});
