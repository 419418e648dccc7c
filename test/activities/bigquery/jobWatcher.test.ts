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
function watcherOf(states: Record<string, State>, shortestPauseMs?: number) {
  const calls: string[] = [];
  const outage: { error?: Error; poll?: { jobId: string; error: Error } } = {};
  const watcher = new JobWatcher(
    {
      listJobs: async (projectId, sinceMs) => {
        calls.push(`list ${projectId} since ${sinceMs - Date.now()}`);
        if (outage.error) throw outage.error;
        const listed = Object.entries(states).filter(([, state]) => state !== 'unlisted' && state !== 'gone');
        return listed.map(([jobId, state]) => resource(projectId, jobId, state, false));
      },
      getJob: async (projectId, jobId, location) => {
        calls.push(`get ${projectId} ${jobId} ${location}`);
        if (outage.poll?.jobId === jobId) throw outage.poll.error;
        const state = states[jobId] ?? 'gone';
        return state === 'gone' ? undefined : resource(projectId, jobId, state === 'unlisted' ? 'DONE' : state, true);
      },
    },
    shortestPauseMs,
  );
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

test('a listing that fails affects no waiter, and is repeated ever more slowly', async () => {
  const { calls, outage, wait } = watcherOf({ a: 'DONE', b: 'DONE' });
  outage.error = new Error('503');
  const jobs = Promise.all([wait('a'), wait('b')]);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(calls.length).toBeGreaterThan(3);
  expect(calls.length).toBeLessThan(12);
  delete outage.error;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(await jobs).toHaveLength(2);
});

test('while listings fail, jobs are requested by ID once they are a minute old', async () => {
  const { calls, outage, wait } = watcherOf({ a: 'DONE' });
  outage.error = new Error('503');
  const job = wait('a');
  await jest.advanceTimersByTimeAsync(75_000);
  await expect(job).resolves.toMatchObject({ jobReference: { jobId: 'a' } });
  expect(calls.filter((call) => call.startsWith('get'))).toEqual(['get p a US']);
});

test('an old job is requested by ID at growing intervals, and listings reach back only for young jobs', async () => {
  const { states, calls, wait } = watcherOf({ old: 'RUNNING', young: 'RUNNING' });
  const old = wait('old');
  await jest.advanceTimersByTimeAsync(3_600_000);
  const polls = calls.filter((call) => call === 'get p old US').length;
  // 5 % of the age, at least 5 s and at most 60 s.
  expect(polls).toBeGreaterThan(60);
  expect(polls).toBeLessThan(100);
  expect(calls.slice(-polls).every((call) => call === 'get p old US')).toBe(true);
  calls.length = 0;
  const young = wait('young');
  await jest.advanceTimersByTimeAsync(20_000);
  const listings = calls.filter((call) => call.startsWith('list'));
  const reaches = listings.map((call) => Number(call.split(' ').at(-1)));
  expect(listings.length).toBeGreaterThan(3);
  expect(Math.min(...reaches)).toBeGreaterThanOrEqual(-20_000 - SLACK_MS);
  Object.assign(states, { old: 'DONE', young: 'DONE' });
  await jest.advanceTimersByTimeAsync(65_000);
  expect(await Promise.all([old, young])).toHaveLength(2);
});

test('a request that fails affects no other waiter, and after 5 minutes of failures the wait fails with the cause', async () => {
  const { states, outage, wait } = watcherOf({ a: 'RUNNING', b: 'RUNNING' });
  const [a, b] = [wait('a'), wait('b')];
  await jest.advanceTimersByTimeAsync(60_000);
  outage.poll = { jobId: 'a', error: new Error('403') };
  const failing = expect(a).rejects.toBe(outage.poll.error);
  await jest.advanceTimersByTimeAsync(240_000);
  states['b'] = 'DONE';
  await jest.advanceTimersByTimeAsync(20_000);
  await expect(b).resolves.toMatchObject({ status: { state: 'DONE' } });
  await jest.advanceTimersByTimeAsync(120_000);
  await failing;
});

test('with a shortest pause, polls are not more frequent than that', async () => {
  const { calls, wait } = watcherOf({ a: 'RUNNING', b: 'DONE' }, 1000);
  void wait('a');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(calls.length).toBeLessThanOrEqual(10);
  expect(calls.length).toBeGreaterThan(3);
});
