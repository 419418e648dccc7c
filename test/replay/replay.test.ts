import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
const texts = new Map(names.map((name) => [name, readFileSync(join(HISTORIES, name), 'utf8')]));

test.each(names)('the history %s replays', async (name) => {
  const history: unknown = JSON.parse(texts.get(name) ?? '');
  await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
});

/** What a run of each type may go through, and how its history shows it. */
const STAGES: readonly (readonly [type: string, stage: string, shown: RegExp])[] = [
  ['batchWindow', 'gathering, then loaded', ended('Completed')],
  ['batchWindow', 'loaded early', signalled('flush')],
  ['batchWindow', 'parked and retried', signalled('retry')],
  ['batchWindow', 'abandoned', signalled('abandon')],
  ['batchWindow', 'continued as new', ended('Continued_As_New')],
  ['batchWindow', 'cancelled', ended('Canceled')],
  ['batchWindow', 'terminated', ended('Terminated')],
  ['batchWindow', 'reset', /CAUSE_RESET_WORKFLOW/],
  [
    'batchWindow',
    'taken over from a killed worker',
    /EVENT_TYPE_(WORKFLOW_TASK|ACTIVITY_TASK)_TIMED_OUT|"attempt": [2-9]/,
  ],
  ['fileLoad', 'loaded', ended('Completed')],
  ['fileLoad', 'failed', ended('Failed')],
  ['fileLoad', 'cancelled', ended('Canceled')],
  ['fileLoad', 'stopping its job', called('stopJob')],
  ['windowGroup', 'acting', ended('Completed')],
  ['windowGroup', 'continued as new', ended('Continued_As_New')],
  ['', 'recovered from bad files', called('recoverLoad')],
  ['', 'transferred from a temporary table', called('prepareTables')],
  ['', 'acting', called('deleteFiles')],
  ['backfill', 'ended', ended('Completed')],
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

test.each(STAGES)('there is a history of a %s %s', (type, _stage, shown) => {
  const found = names.filter((name) => basename(name).startsWith(type) && shown.test(texts.get(name) ?? ''));
  expect(found).not.toEqual([]);
});
