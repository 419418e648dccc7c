import { retry, status } from '../../src/workflows/contract';
import { TestApp } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp(() => TestApp.startAlone());

const SERVICES = ['bigquery', 'storage'] as const;
const rows = [1, 2, 3].map((id) => ({ id, name: `row ${id}` }));

/** A window with one file, and its workflow. */
async function openWindow(name: string, durationInSec: number): Promise<{ dest: string; workflowId: string }> {
  const dest = await app().createTable(name);
  await app().writeRules(name, {
    When: { Prefix: `/${name}/` },
    Dest: { Table: dest },
    Async: true,
    Batch: { Window: { DurationInSec: durationInSec } },
    OnSuccess: [{ Action: 'delete' }],
  });
  await waitFor('the first half of a window', () => (Date.now() / 1000) % durationInSec < durationInSec / 2);
  await app().upload(`${name}/a.json`, rows);
  return { dest, workflowId: await app().workflowId(dest) };
}

/** Faults of one emulator. */

let current: Awaited<ReturnType<TestApp['app']['startWorker']>> | undefined;

/** Kills the worker and starts another one. */
async function replaceWorker(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  await (current ?? app().app.worker).kill();
  await meanwhile();
  current = await app().app.startWorker();
}

async function expectLoadedOnce(dest: string, workflowId: string): Promise<void> {
  expect(await app().temporal.workflow.getHandle(workflowId).result()).toMatchObject({ files: 1, rows: rows.length });
  expect(await app().rows(dest)).toEqual(rows);
  expect(
    (await app().objects(app().names.triggerBucket)).filter((url) => url.includes(`/${dest.replace(/^.*\./, '')}/`)),
  ).toEqual([]);
  const journal = (await app().objects(app().names.opsBucket)).filter((url) => url.includes(dest));
  expect(journal.filter((url) => !url.includes('/Ledger/'))).toEqual([expect.stringContaining('/Journal/Done/')]);
}

test('after a worker is killed while the window sleeps, the next one loads it once', async () => {
  const { dest, workflowId } = await openWindow('sleeping', 6);
  await waitFor('the window to gather', async () => {
    const seen = await app().temporal.workflow.getHandle(workflowId).query(status);
    return seen.stage === 'gathering' && seen.announced === 1;
  });
  await replaceWorker();
  await expectLoadedOnce(dest, workflowId);
});

test('after a worker is killed while the job runs, the next one adopts the job', async () => {
  await app().setFaults('bigquery', [{ match: { path: 'running' }, action: 'slowJob', delayMs: 4000 }]);
  const { dest, workflowId } = await openWindow('running', 2);
  const jobsOf = async () => {
    const [jobs] = await app().bigquery.getJobs({ projection: 'full' });
    return jobs.filter((job) => job.id?.includes(dest.replace('.', '_')));
  };
  await waitFor('the job to run', async () => (await jobsOf()).some((job) => job.metadata.status.state === 'RUNNING'));
  await replaceWorker();
  await expectLoadedOnce(dest, workflowId);
  expect((await jobsOf()).filter((job) => job.metadata.configuration.load)).toHaveLength(1);
  await app().setFaults('bigquery', []);
});

test('after a worker is killed between job and delete, the next one deletes and loads nothing again', async () => {
  // The first batch request after the job closes its file. The sources are deleted after that request.
  await app().setFaults('storage', [{ match: { path: '/batch/' }, action: 'status', status: 503 }]);
  const { dest, workflowId } = await openWindow('deleting', 2);
  await waitFor('the rows', async () => (await app().rows(dest)).length === rows.length);
  await waitFor('the batch request to fail', async () => (await app().struck('storage')).some((times) => times > 0));
  await replaceWorker(() => app().setFaults('storage', []));
  await expectLoadedOnce(dest, workflowId);
});

test('an outage that is longer than all attempts parks the window, and the signal retry resumes it', async () => {
  await app().setFaults('bigquery', [
    { match: { method: 'GET', path: 'tables/parking' }, action: 'status', status: 503 },
  ]);
  const { dest, workflowId } = await openWindow('parking', 2);
  const handle = app().temporal.workflow.getHandle(workflowId);
  const parked = await waitFor('the window to park', async () => {
    const seen = await handle.query(status);
    return seen.stage === 'parked' && seen;
  });
  expect(parked.lastError).toContain('parking');
  // Nothing is deleted while the load is not confirmed.
  expect(await app().objects(app().names.triggerBucket)).toContain(`gs://${app().names.triggerBucket}/parking/a.json`);
  await waitFor('the stage to be searchable', async () => {
    const { searchAttributes } = await handle.describe();
    return searchAttributes['BqtailStage']?.[0] === 'parked';
  });
  await app().setFaults('bigquery', []);
  await handle.signal(retry);
  await expectLoadedOnce(dest, workflowId);
});

test('a window loads once despite quotas, refusals and answers that are lost after the work was done', async () => {
  const refused = (match: object, status: number, reason?: string) => ({
    ...{ match, action: 'status', status, times: 1 },
    ...(reason ? { reason } : {}),
  });
  const lost = (match: object) => ({ match, action: 'dropAfter', times: 1 });
  const insert = { method: 'POST', path: '/jobs$' };
  const write = { method: 'POST', path: '/upload/storage/v1/b/ops-' };
  const faults = {
    bigquery: [
      refused(insert, 403, 'rateLimitExceeded'),
      refused(insert, 403, 'jobRateLimitExceeded'),
      refused(insert, 429, 'rateLimitExceeded'),
      lost(insert),
    ],
    storage: [
      ...[refused(write, 429), refused(write, 503), lost(write)],
      ...[refused({ path: '/batch/' }, 500), lost({ path: '/batch/' })],
    ],
  };
  for (const service of SERVICES) await app().setFaults(service, faults[service]);
  const { dest, workflowId } = await openWindow('struck', 2);
  await expectLoadedOnce(dest, workflowId);
  const [jobs] = await app().bigquery.getJobs();
  expect(jobs.filter(({ id }) => id?.includes('_struck--') && id.includes('_load'))).toHaveLength(1);
  for (const service of SERVICES) {
    expect(await app().struck(service)).toEqual(faults[service].map(() => 1));
    await app().setFaults(service, []);
  }
});

/** Number of calls of BigQuery's API by method, since the counts were reset. */
async function bigQueryCalls(): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${app().services.bigquery}/_local/stats`);
  const { calls }: { calls: Record<string, number> } = JSON.parse(await response.text());
  return calls;
}

/** Lengths of the pauses of a parked workflow by its history, in minutes. */
async function pausesInMinutes(workflowId: string): Promise<number[]> {
  const { events } = await app().temporal.workflow.getHandle(workflowId).fetchHistory();
  const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => timer ?? []);
  return timers
    .map(({ startToFireTimeout }) => Number(startToFireTimeout?.seconds ?? 0) / 60)
    .filter((long) => long > 5);
}

test.each([
  ['job', { match: { path: 'spent_job' }, action: 'failJob' }],
  ['call', { match: { method: 'POST', path: '/jobs$' }, action: 'status', status: 403 }],
])(
  'a window parks at once when the daily quota of a %s is used up, and each retry submits one job',
  async (kind, fault) => {
    const message = 'Quota exceeded: Your table exceeded quota for imports or query appends per table';
    await app().setFaults('bigquery', [{ ...fault, reason: 'quotaExceeded', message, times: 2 }]);
    await fetch(`${app().services.bigquery}/_local/stats`, { method: 'DELETE' });
    const { dest, workflowId } = await openWindow(`spent_${kind}`, 2);
    const handle = app().temporal.workflow.getHandle(workflowId);
    for (const jobs of [1, 2]) {
      const parked = await waitFor(`the window to park after job ${jobs}`, async () => {
        const seen = await handle.query(status);
        const [struck] = await app().struck('bigquery');
        return seen.stage === 'parked' && struck === jobs && seen;
      });
      expect(parked.parkedFor).toBe('quota');
      expect(parked.lastError).toContain(message);
      expect(await bigQueryCalls()).toMatchObject({ 'jobs.insert': jobs });
      await handle.signal(retry);
    }
    expect(await handle.result()).toMatchObject({ files: 1, rows: rows.length });
    const { 'jobs.insert': inserts, 'jobs.get': gets = 0 } = await bigQueryCalls();
    expect(inserts).toBe(3);
    expect(gets).toBeLessThanOrEqual(2);
    const [first = 0, second = 0, ...others] = await pausesInMinutes(workflowId);
    expect(others).toEqual([]);
    expect([first >= 10, first <= 12, second >= 20, second <= 24]).toEqual([true, true, true, true]);
    await app().setFaults('bigquery', []);
    await expectLoadedOnce(dest, workflowId);
  },
);

test('a job that BigQuery breaks off several times is submitted once per attempt, without asking for earlier attempts', async () => {
  await app().setFaults('bigquery', [
    { match: { path: 'broken' }, action: 'failJob', reason: 'backendError', times: 4 },
  ]);
  await fetch(`${app().services.bigquery}/_local/stats`, { method: 'DELETE' });
  const { dest, workflowId } = await openWindow('broken', 2);
  await app().temporal.workflow.getHandle(workflowId).result();
  const { 'jobs.insert': inserts, 'jobs.get': gets = 0 } = await bigQueryCalls();
  expect(inserts).toBe(5);
  expect(gets).toBeLessThanOrEqual(4);
  await app().setFaults('bigquery', []);
  await expectLoadedOnce(dest, workflowId);
});

test.each([
  ['BigQuery', 'bigquery', { match: { path: 'denied_bigquery' }, action: 'failJob', reason: 'accessDenied' }],
  ['storage', 'storage', { match: { method: 'POST', path: '/upload/.*ops-' }, action: 'status', status: 401 }],
] as const)(
  'a window that %s denies a permission parks, and continues when it is granted',
  async (_name, service, fault) => {
    await app().setFaults(service, [fault]);
    const { dest, workflowId } = await openWindow(`denied_${service}`, 2);
    const handle = app().temporal.workflow.getHandle(workflowId);
    await waitFor('the window to park', async () => {
      const seen = await handle.query(status);
      return seen.stage === 'parked' && seen.parkedFor === 'permission';
    });
    await app().setFaults(service, []);
    await handle.signal(retry);
    await expectLoadedOnce(dest, workflowId);
  },
);
