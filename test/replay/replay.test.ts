import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';

/** Histories of released workflow code, one JSON file per run. Each release adds a folder. */
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
const texts = new Map(names.map((name) => [name, readFileSync(join(HISTORIES, name), 'utf8')]));

test.each(names)('the history %s replays', async (name) => {
  const history: unknown = JSON.parse(texts.get(name) ?? '');
  await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
});

/** What runs can go through, with their workflow type ('' for any) and the text that their history then contains. */
const EXAMPLES: readonly (readonly [run: string, type: string, shown: RegExp])[] = [
  ['a window that gathers, then loads', 'batchWindow', ended('Completed')],
  ['a window that loads before due', 'batchWindow', signalled('flush')],
  ['a window that parks and is retried', 'batchWindow', signalled('retry')],
  ['a window that is abandoned', 'batchWindow', signalled('abandon')],
  ['a window that continues as new', 'batchWindow', ended('Continued_As_New')],
  ['a window that is cancelled', 'batchWindow', ended('Canceled')],
  ['a window that is terminated', 'batchWindow', ended('Terminated')],
  ['a window that is reset', 'batchWindow', /CAUSE_RESET_WORKFLOW/],
  [
    'a window that another worker continues after its worker was killed',
    'batchWindow',
    /EVENT_TYPE_(WORKFLOW_TASK|ACTIVITY_TASK)_TIMED_OUT|"attempt": [2-9]/,
  ],
  ['a single file that loads', 'fileLoad', ended('Completed')],
  ['a single file that fails', 'fileLoad', ended('Failed')],
  ['a single file whose load is cancelled', 'fileLoad', ended('Canceled')],
  ['a single file whose job is stopped', 'fileLoad', called('stopJob')],
  ['a group that acts', 'windowGroup', ended('Completed')],
  ['a group that continues as new', 'windowGroup', ended('Continued_As_New')],
  ['a load that recovers from bad files', '', called('recoverLoad')],
  ['a load that transfers rows from a temporary table', '', called('prepareTables')],
  ['a run that deletes its sources', '', called('deleteFiles')],
  ['a backfill that ends', 'backfill', ended('Completed')],
];

function ended(how: string): RegExp {
  return new RegExp(`"EVENT_TYPE_WORKFLOW_EXECUTION_${how.toUpperCase()}"`);
}

function signalled(name: string): RegExp {
  return new RegExp(`"signalName": "${name}"`);
}

function called(activity: string): RegExp {
  return new RegExp(`"activityType": \\{\\s*"name": "${activity}"`);
}

test.each(EXAMPLES)('there is a history of %s', (_run, type, shown) => {
  const matches = names.filter((name) => basename(name).startsWith(type) && shown.test(texts.get(name) ?? ''));
  expect(matches).not.toEqual([]);
});
