// Runs jest in this process, which has the flag that the lazy imports of Google's clients need. Arguments go to jest.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
await import(pathToFileURL(jest).href);
