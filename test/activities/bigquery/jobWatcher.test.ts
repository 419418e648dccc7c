import type { JobResource } from '../../../src/activities/bigquery/bigQueryProjects';
import { JobWatcher } from '../../../src/activities/bigquery/jobWatcher';

beforeEach(() => jest.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => jest.useRealTimers());

const SLACK_MS = 60_000;

type State = 'RUNNING' | 'DONE' | 'FAILED' | 'unlisted' | 'gone';

function resource(projectId: string, jobId: string, state: State, detailed: boolean): JobResource {
  const errorResult = { reason: 'invalid', message: 'bad rows' };
  const failed = { state: 'DONE', errorResult, ...(detailed ? { errors: [errorResult, errorResult] } : {}) } as const;
  return {
    jobReference: { projectId, jobId },
    status: state === 'FAILED' ? failed : { state: state === 'DONE' ? 'DONE' : 'RUNNING' },
  };
}

/** A watcher over jobs of given states, and the calls that it makes. */
function watcherOf(states: Record<string, State>) {
  const calls: string[] = [];
  const outage: { error?: Error } = {};
  const watcher = new JobWatcher({
    listJobs: async (projectId, sinceMs) => {
      calls.push(`list ${projectId} since ${sinceMs - Date.now()}`);
      if (outage.error) throw outage.error;
      const listed = Object.entries(states).filter(([, state]) => state !== 'unlisted' && state !== 'gone');
      return listed.map(([jobId, state]) => resource(projectId, jobId, state, false));
    },
    getJob: async (projectId, jobId, location) => {
      calls.push(`get ${projectId} ${jobId} ${location}`);
      const state = states[jobId] ?? 'gone';
      return state === 'gone' ? undefined : resource(projectId, jobId, state === 'unlisted' ? 'DONE' : state, true);
    },
  });
  const wait = (jobId: string, projectId = 'p') => watcher.wait(projectId, jobId, 'US', Date.now());
  return { states, calls, outage, wait };
}

test('one listing covers all jobs of a project', async () => {
  const { calls, wait } = watcherOf({ a: 'DONE', b: 'DONE', c: 'DONE' });
  const jobs = Promise.all(['a', 'b', 'c'].map((jobId) => wait(jobId)));
  await jest.advanceTimersByTimeAsync(100);
  expect((await jobs).map((job) => job.jobReference.jobId)).toEqual(['a', 'b', 'c']);
  expect(calls).toEqual([`list p since ${-100 - SLACK_MS}`]);
});

test('each project has its own listing', async () => {
  const { calls, wait } = watcherOf({ a: 'DONE' });
  const jobs = Promise.all([wait('a', 'p'), wait('a', 'q')]);
  await jest.advanceTimersByTimeAsync(100);
  await jobs;
  expect(calls).toEqual([`list p since ${-100 - SLACK_MS}`, `list q since ${-100 - SLACK_MS}`]);
});

test('a job is polled ever more slowly until it is done, and not after that', async () => {
  const { states, calls, wait } = watcherOf({ a: 'RUNNING' });
  const job = wait('a');
  await jest.advanceTimersByTimeAsync(60_000);
  const looks = calls.length;
  expect(looks).toBeLessThan(30);
  states['a'] = 'DONE';
  await jest.advanceTimersByTimeAsync(5_000);
  expect((await job).status.state).toBe('DONE');
  await jest.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(looks + 1);
});

test('a young job is polled soon, also beside an old one', async () => {
  const { states, wait } = watcherOf({ old: 'RUNNING', young: 'DONE' });
  void wait('old');
  await jest.advanceTimersByTimeAsync(60_000);
  const job = wait('young');
  await jest.advanceTimersByTimeAsync(5_100);
  await expect(job).resolves.toMatchObject({ jobReference: { jobId: 'young' } });
  states['old'] = 'DONE';
  await jest.advanceTimersByTimeAsync(5_000);
});

test('two waiters for one job both get it', async () => {
  const { wait } = watcherOf({ a: 'DONE' });
  const jobs = Promise.all([wait('a'), wait('a')]);
  await jest.advanceTimersByTimeAsync(100);
  expect(await jobs).toHaveLength(2);
});

test('a failed job is requested by ID, because listings do not contain its errors', async () => {
  const { calls, wait } = watcherOf({ a: 'FAILED', b: 'RUNNING' });
  const job = wait('a');
  await jest.advanceTimersByTimeAsync(100);
  expect((await job).status.errors).toHaveLength(2);
  expect(calls.slice(1)).toEqual(['get p a US']);
});

test('a job that is missing in three listings is requested by ID', async () => {
  const { calls, wait } = watcherOf({ a: 'unlisted' });
  const job = wait('a');
  await jest.advanceTimersByTimeAsync(1000);
  expect((await job).status.state).toBe('DONE');
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['list', 'list', 'list', 'get']);
});

test('the wait for a lost job fails in the end, and the wait for others continues', async () => {
  const { states, wait } = watcherOf({ a: 'gone', b: 'RUNNING' });
  const [lost, other] = [wait('a'), wait('b')];
  const failing = expect(lost).rejects.toThrow('job a does not exist in project p');
  await jest.advanceTimersByTimeAsync(30_000);
  states['b'] = 'DONE';
  await jest.advanceTimersByTimeAsync(60_000);
  await failing;
  await expect(other).resolves.toMatchObject({ status: { state: 'DONE' } });
});

test('a failed poll fails all waiters, and the next wait polls again', async () => {
  const { outage, wait } = watcherOf({ a: 'RUNNING', b: 'DONE' });
  outage.error = new Error('503');
  const failing = Promise.allSettled([wait('a'), wait('b')]);
  await jest.advanceTimersByTimeAsync(100);
  const refused = { status: 'rejected', reason: outage.error };
  expect(await failing).toEqual([refused, refused]);
  delete outage.error;
  const job = wait('b');
  await jest.advanceTimersByTimeAsync(100);
  await expect(job).resolves.toMatchObject({ status: { state: 'DONE' } });
});
