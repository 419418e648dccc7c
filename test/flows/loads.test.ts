import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { abandon, flush, status } from '../../src/workflows/contract';
import { bqtail } from './support/commands';
import { LONG_SEC, TestApp } from './support/testApp';
import { waitFor } from './support/waitFor';

/** Faults of one service for all tests, which run side by side. */
const FAULTS = [
  // Loads are slow, so that the test can inspect their tables.
  { match: { path: '(success|failure|abandoned|parts)--.*_load' }, action: 'slowJob', delayMs: 600 },
  { match: { path: 'failure--.*_query' }, action: 'failJob', reason: 'invalidQuery' },
  { match: { path: 'abandoned--.*_query' }, action: 'failJob', reason: 'backendError' },
  { match: { path: '^held' }, action: 'slowJob', delayMs: 60_000 },
];

const started = start();
afterAll(async () => (await started).app.stop());

async function start() {
  const app = await TestApp.startAlone({ MaxFilesPerLoad: 2 });
  await app.setFaults('bigquery', FAULTS);
  return { app, temporary: `temp_${app.dataset}` };
}

/** A window that is not due while the tests run. */
const LONG = { DurationInSec: LONG_SEC };
const DAY_MS = 24 * 3600 * 1000;
const row = (id: number) => ({ id, name: `row ${id}` });

/** Jobs of a destination in these projects. */
async function jobsOf(dest: string, projects: readonly string[]) {
  const lists = await Promise.all(
    projects.map(async (projectId) => {
      const bigquery = new BigQuery({ projectId, authClient: new PassThroughClient() });
      const [jobs] = await bigquery.getJobs({ projection: 'full', maxResults: 1000 });
      return jobs.map(({ metadata }) => metadata);
    }),
  );
  return lists.flat().filter(({ jobReference }) => jobReference.jobId.includes(`${dest.replace('.', '_')}--`));
}

/** Temporary tables of a destination, and how many days they have to live. */
async function temporaryTables(dest: string): Promise<{ name: string; days: number }[]> {
  const { app, temporary } = await started;
  const dataset = app.bigquery.dataset(temporary);
  if (!(await dataset.exists())[0]) return [];
  const [, name = ''] = dest.split('.');
  const [tables] = await dataset.getTables();
  return tables
    .filter(({ id }) => id?.startsWith(`${name}_`))
    .map(({ id, metadata: { expirationTime = 0 } }) => ({
      name: String(id),
      days: Math.round((Number(expirationTime) - Date.now()) / DAY_MS),
    }));
}

test.concurrent.each([
  ['success', 'COMPLETED', ['00001_load--dispatch', '00002_query--dispatch', '00003_query--dispatch']],
  ['failure', 'FAILED', ['00001_load--dispatch', '00002_query--dispatch']],
  [
    'abandoned',
    'FAILED',
    ['00001_load--dispatch', ...['', '--1', '--2', '--3', '--4', '--5', '--6'].map((n) => `00002_query--dispatch${n}`)],
  ],
])(
  '%s: jobs have descriptive names and labels, and temporary tables expire and are dropped at the end',
  async (way, ends, jobIds) => {
    const { app, temporary } = await started;
    const dest = await app.createTable(way);
    const rule = await app.writeRules(way, {
      ID: 'daily',
      When: { Prefix: `/${way}/` },
      Async: true,
      Dest: { Table: dest, Transient: { Dataset: temporary }, UniqueColumns: ['id'] },
      Batch: { MultiPath: true, Window: LONG },
      OnSuccess: [{ Action: 'query', Request: { SQL: `SELECT COUNT(*) AS n FROM ${dest}`, Dest: `${dest}_counts` } }],
    });
    const url = await app.upload(`${way}/a.json`, [row(1), row(1)]);
    const { EventID: eventId } = await app.response(url);
    const handle = app.temporal.workflow.getHandle(await app.workflowId(dest));
    await handle.signal(flush);
    const seen = await waitFor('the temporary table', async () => {
      const tables = await temporaryTables(dest);
      return tables.length > 0 && tables;
    });
    expect(seen).toEqual([{ name: `${way}_${eventId}`, days: 7 }]);
    if (way === 'abandoned') {
      await waitFor('the outage', async () => (await handle.query(status)).stage === 'parked');
      expect(await temporaryTables(dest)).toHaveLength(1);
      await handle.signal(abandon, 'not wanted');
    }
    const ended = await waitFor('the end', async () => {
      const { name } = (await handle.describe()).status;
      return name !== 'RUNNING' && name;
    });
    expect(ended).toBe(ends);
    expect(await temporaryTables(dest)).toEqual([]);

    const jobs = await jobsOf(dest, [app.names.project]);
    const ids = jobIds.map((step) => `${dest.replace('.', '_')}--${eventId}_${step}`);
    expect(jobs.map(({ jobReference }) => jobReference.jobId).sort()).toEqual(ids);
    const label = (text: string) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9_-]/g, '_')
        .slice(-63);
    for (const { configuration } of jobs) {
      expect(configuration.labels).toEqual({
        bqtail_rule: label(`${rule}#daily`),
        bqtail_dest: label(dest),
        bqtail_window: label(handle.workflowId),
        bqtail_event: eventId,
      });
    }
  },
);

test.concurrent('more files than a load job takes go in parts side by side; columns that come while they load reach the destination; what follows runs once', async () => {
  const { app, temporary } = await started;
  const dest = await app.createTable('parts');
  await app.writeRules('parts', {
    When: { Prefix: '/parts/' },
    Async: true,
    Dest: { Table: dest, Transient: { Dataset: temporary }, AllowFieldAddition: true },
    Batch: { Window: LONG },
    OnSuccess: [{ Action: 'delete' }],
  });
  await app.upload('parts/0.json', [row(0)]);
  const handle = app.temporal.workflow.getHandle(await app.workflowId(dest));
  const more = { ...row(4), price: 1.5 };
  await Promise.all([row(1), row(2), row(3), more].map((given) => app.upload(`parts/${given.id}.json`, [given])));
  await waitFor('all files', async () => (await handle.query(status)).announced === 5);
  await handle.signal(flush);
  expect(await handle.result()).toMatchObject({ files: 5, rows: 5 });

  const [rows] = await app.bigquery.query(`SELECT id, price FROM ${dest} ORDER BY id`);
  expect(rows).toEqual([0, 1, 2, 3, 4].map((id) => ({ id, price: id === 4 ? 1.5 : null })));
  const jobs = await jobsOf(dest, [app.names.project]);
  const loads = jobs.filter(({ configuration }) => configuration.load);
  const [first, ...others] = loads
    .filter(({ jobReference }) => /_00001_load--/.test(jobReference.jobId))
    .map(({ statistics }) => statistics);
  expect(others).toHaveLength(2);
  for (const other of others) expect(Number(other.startTime)).toBeLessThan(Number(first.endTime));
  for (const { configuration } of loads) expect(configuration.load.sourceUris.length).toBeLessThanOrEqual(2);
  expect(jobs.filter(({ configuration }) => configuration.copy)).toHaveLength(1);
  expect(await app.objects(app.names.triggerBucket)).not.toContainEqual(expect.stringContaining('/parts/'));
  expect(await temporaryTables(dest)).toEqual([]);
});

test.concurrent('a balancer takes the next project while the first has as many loads as it may', async () => {
  const { app, temporary } = await started;
  const dest = await app.createTable('balanced');
  const projects = ['busy', 'free'].map((name) => `${name}-${app.dataset.replace('_', '-')}`);
  const [busy = '', free = ''] = projects;
  await app.writeRules('balanced', {
    When: { Prefix: '/balanced/' },
    Async: true,
    Dest: {
      Table: dest,
      Transient: {
        Dataset: temporary,
        Balancer: { Strategy: 'fallback', ProjectIDs: projects, MaxLoadJobs: 1 },
      },
    },
  });
  // Submitted by the test, so that only a listing of the project shows it.
  const bigquery = new BigQuery({ projectId: busy, authClient: new PassThroughClient() });
  await bigquery.createDataset('ds');
  const load = { sourceUris: [`gs://${app.names.triggerBucket}/x.json`], sourceFormat: 'NEWLINE_DELIMITED_JSON' };
  const table = { projectId: busy, datasetId: 'ds', tableId: 't' };
  const configuration = { load: { ...load, autodetect: true, destinationTable: table } };
  const [held] = await bigquery.createJob({ jobId: 'held', configuration });
  const url = await app.upload('balanced/a.json', [row(1)]);
  await waitFor('the first file', async () => (await app.rows(dest)).length === 1);
  const shown = await bqtail(app, 'plan', url, '--output', 'json');
  expect(JSON.parse(shown.stdout)).toMatchObject([
    { plan: { process: { projectId: free }, load: [[{ files: { bytes: JSON.stringify(row(1)).length } }]] } },
  ]);
  await held.cancel();
  const handle = app.temporal.workflow.getHandle(await app.workflowId(dest));
  await handle.result();
  expect(new Set((await jobsOf(dest, projects)).map(({ jobReference }) => jobReference.projectId))).toEqual(
    new Set([free]),
  );
  const { events } = await handle.fetchHistory();
  const answers = (events ?? []).flatMap(
    ({ activityTaskCompletedEventAttributes: done }) => done?.result?.payloads ?? [],
  );
  const recorded = answers
    .map(({ data }) => Buffer.from(data ?? []).toString())
    .filter((text) => text.includes('"prepare"'));
  expect(JSON.parse(recorded[0] ?? '')).toMatchObject({
    process: { projectId: free },
    performance: { [busy]: { Running: { LoadJobs: 1 }, Pending: { LoadJobs: 0 } } },
  });
});

test.concurrent('RollOver: a first file in the later half of its window brings along what nobody has announced in the one before', async () => {
  const { app } = await started;
  const seconds = 6;
  const dest = await app.createTable('rolled');
  const unannounced = await app.upload('rolled/a.json', [row(1)]);
  expect(await app.response(unannounced)).toMatchObject({ Status: 'noMatch' });
  const [{ updated = '' }] = await app.storage.bucket(app.names.triggerBucket).file('rolled/a.json').getMetadata();
  const before = Math.floor(Date.parse(updated) / 1000 / seconds);
  await app.writeRules('rolled', {
    When: { Prefix: '/rolled/' },
    Dest: { Table: dest },
    Batch: { RollOver: true, Window: { DurationInSec: seconds } },
  });
  await waitFor('the later half of the next window', () => {
    const windows = Date.now() / 1000 / seconds - before;
    return windows >= 1.5 && windows < 2;
  });
  await app.upload('rolled/b.json', [row(2)]);
  const handle = app.temporal.workflow.getHandle(await app.workflowId(dest));
  expect(await handle.result()).toMatchObject({ files: 2, rows: 2 });
  expect(handle.workflowId).toMatch(new RegExp(`_${(before + 2) * seconds}$`));
  expect(await app.rows(dest)).toEqual([1, 2].map(row));
});
