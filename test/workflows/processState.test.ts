import { ProcessState } from '../../src/workflows/processState';
import { PROCESS, planOf, sealedBatch } from './examples';

const OWNER = { ruleId: 'r', eventId: '777' };

test('a process shows each job once, in its newest state', () => {
  const state = new ProcessState(OWNER, 'sealing', 2);
  state.enter('loading', { jobId: 'x', state: 'running' });
  state.enter('loading', { jobId: 'y', state: 'running' });
  state.enter('acting', { jobId: 'x', state: 'succeeded', rows: 3 });
  expect(state.status()).toEqual({
    ...OWNER,
    stage: 'acting',
    files: 2,
    jobs: [
      { jobId: 'x', state: 'succeeded', rows: 3 },
      { jobId: 'y', state: 'running' },
    ],
  });
});

test('a process shows quarantined files once there are some', () => {
  const state = new ProcessState(OWNER, 'loading');
  expect(state.status().rejected).toBeUndefined();
  state.rejected = { corrupted: 0, invalidSchema: 2, missing: 0 };
  expect(state.status().rejected).toEqual({ corrupted: 0, invalidSchema: 2, missing: 0 });
});

test.each<[string, string | undefined, string[], string | undefined]>([
  ['a process without a failure has no error', undefined, ['no such table'], undefined],
  ['the error of a process is its failure', 'bad rows', [], 'bad rows'],
  [
    'later failures are added to the message',
    'bad rows',
    ['no route', 'denied'],
    'bad rows; then: no route; then: denied',
  ],
  ['the same failure is not added again', 'bad rows', ['bad rows'], 'bad rows'],
])('%s', (_, failure, later, message) => {
  const state = new ProcessState(OWNER, 'failed');
  if (failure) state.failure = { type: 'LoadFailed', message: failure };
  state.laterErrors.push(...later);
  expect(state.error).toEqual(message && { type: 'LoadFailed', message });
});

test('a response names the failed job, else the load', () => {
  const state = new ProcessState(OWNER, 'loading', 3);
  expect(state.response()).toEqual({});
  state.process = PROCESS;
  state.load = planOf(sealedBatch('r', 3)).load;
  expect(state.response()).toMatchObject({ Status: 'ok', Files: 3, JobRef: { jobId: 'r-job' } });
  state.loadJob = { jobId: 'r-job--1', rows: 5 };
  state.loaded = { entry: 'gs://b/part', count: 2, bytes: 2, sample: [] };
  expect(state.response()).toMatchObject({ Files: 2, Rows: 5, JobRef: { jobId: 'r-job--1' } });
  state.failedJob = { jobId: 'copy', rows: 0 };
  const failure = { type: 'ActionFailed', message: 'no such table' };
  expect(state.response(failure)).toMatchObject({ Status: 'error', Error: 'no such table', JobRef: { jobId: 'copy' } });
});
