import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const BUNDLE = join(__dirname, '../../dist/worker/workflowBundle.js');
/** Rooms whose functions workflows run. Histories must replay through all of them. */
const REPLAYED = /^(?:workflows|plan|rules|windows)\/|^(?:errorClass|errorText|failures|json)$/;

test('the workflow bundle contains no activity, client or ledger: only code that replays', () => {
  const modules = [...readFileSync(BUNDLE, 'utf8').matchAll(/"\.\/dist\/([\w/]+)\.js"/g)].map(([, name = '']) => name);
  expect(modules).toContain('workflows/batchWindow');
  expect([...new Set(modules)].filter((name) => !REPLAYED.test(name))).toEqual([]);
});
