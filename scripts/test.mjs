// Runs jest with the flag that the Google clients' lazy imports need in it; further arguments go to jest.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
await import(pathToFileURL(jest).href);
