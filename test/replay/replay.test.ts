import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';

/** Histories of released workflow code, one JSON a run; each release adds those of its own. */
const HISTORIES = join(__dirname, '..', 'histories');

let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '../../dist/workflows/index.js'),
    logger: new DefaultLogger('ERROR'),
  });
});

const names = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

test.each(names)('the history %s replays', async (name) => {
  const history: unknown = JSON.parse(readFileSync(join(HISTORIES, name), 'utf8'));
  await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
});

test('there are histories of each workflow type', () => {
  expect(names.length).toBeGreaterThanOrEqual(2);
  expect(names.some((name) => name.includes('batchWindow'))).toBe(true);
  expect(names.some((name) => name.includes('fileLoad'))).toBe(true);
});
