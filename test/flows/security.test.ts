import { temporal } from './support/commands';
import { TestApp } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const DEPLOYMENT = { name: 'bqtail-test', buildId: 'one' };

/** Starts a worker of a deployment version, so that these tests also show that a deployment loads files. */
const app = useApp(() => {
  process.env['TEMPORAL_DEPLOYMENT_NAME'] = DEPLOYMENT.name;
  process.env['TEMPORAL_WORKER_BUILD_ID'] = DEPLOYMENT.buildId;
  return TestApp.start();
});
beforeAll(async () => {
  const version = ['--deployment-name', DEPLOYMENT.name, '--build-id', DEPLOYMENT.buildId, '--yes'];
  await waitFor('the version to be registered', () =>
    temporal(app(), 'worker', 'deployment', 'set-current-version', ...version),
  );
});

const UNUSUAL_NAMES = [
  'percent%2Fslash.json',
  'question?x=1&y#hash.json',
  'plus+space and comma,.json',
  'new\u0085line\ttab.json',
  'größe-日本-🙂.json',
  'quote\'"`.json',
  'dots..json',
  '(round)[square]{curly}.json',
];

test('objects with unusual names are gathered, loaded and deleted', async () => {
  const dest = await app().createTable('odd');
  await app().writeRules('odd', {
    When: { Prefix: '/odd/', Suffix: '.json' },
    Dest: { Table: dest },
    Async: true,
    Batch: { Window: { DurationInSec: 600 } },
    OnSuccess: [{ Action: 'delete' }],
  });
  await waitFor('a window that is not due during the test', () => (Date.now() / 1000) % 600 < 590);
  const rows = UNUSUAL_NAMES.map((name, at) => ({ id: at, name }));
  for (const row of rows) await app().upload(`odd/${row.name}`, [row]);
  // In the URIs of a load job, * would match all the others.
  const wild = await app().upload('odd/*.json', [{ id: 99, name: 'wild' }]);
  expect(await app().response(wild)).toMatchObject({
    Status: 'error',
    Error: expect.stringContaining('rename the object'),
  });
  const workflowId = await app().workflowId(dest);
  await waitFor('all files', async () => {
    const { searchAttributes } = await app().temporal.workflow.getHandle(workflowId).describe();
    return searchAttributes['BqtailFiles']?.[0] === UNUSUAL_NAMES.length;
  });
  await temporal(app(), 'workflow', 'signal', '--workflow-id', workflowId, '--name', 'flush');
  expect(await app().temporal.workflow.getHandle(workflowId).result()).toMatchObject({ files: UNUSUAL_NAMES.length });
  expect(await app().rows(dest)).toEqual(rows);
  expect((await app().objects(app().names.triggerBucket)).filter((url) => url.includes('/odd/'))).toEqual([wild]);
});

test('an object name with slashes cannot make a table, a workflow or a file', async () => {
  await app().writeRules('evil', {
    When: { Prefix: '/evil/' },
    Dest: { Table: `${app().dataset}.evil_$1`, Pattern: '^/evil/(.*)$' },
  });
  const url = await app().upload('evil/x/_load_/y', [{ id: 1, name: 'one' }]);
  expect(await app().response(url)).toMatchObject({
    Status: 'error',
    Error: expect.stringContaining('Dest.Table: found '),
  });
  expect((await app().objects(app().names.opsBucket)).filter((name) => name.includes('evil'))).toEqual([]);
});

test('workflows are pinned to the version of the worker deployment', async () => {
  const dest = await app().createTable('pinned');
  await app().writeRules('pinned', { When: { Prefix: '/pinned/' }, Dest: { Table: dest } });
  await app().upload('pinned/a.json', [{ id: 1, name: 'one' }]);
  const workflowId = await app().workflowId(dest);
  await app().temporal.workflow.getHandle(workflowId).result();
  const described = await temporal(app(), 'workflow', 'describe', '--workflow-id', workflowId, '--output', 'json');
  expect(described).toMatch(/VERSIONING_BEHAVIOR_PINNED/);
  expect(described).toContain(DEPLOYMENT.buildId);
});
