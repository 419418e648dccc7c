import { ApplicationFailure } from '@temporalio/workflow';
import type { SealedBatch } from '../../src/plan/batch';
import type { Plan } from '../../src/plan/plan';
import type { BatchOutcome } from '../../src/workflows/batchLoad';
import type { ProcessStatus, Stage } from '../../src/workflows/contract';
import { overview, resultOf } from '../../src/workflows/outcome';

describe('a window stands where its process that is farthest behind stands', () => {
  test.each<[Stage[], Stage]>([
    [[], 'gathering'],
    [['sealing'], 'sealing'],
    [['loading', 'planning'], 'planning'],
    [['done', 'acting'], 'acting'],
    [['failed', 'loading'], 'loading'],
    [['failed', 'closing'], 'closing'],
    [['done', 'done'], 'done'],
    [['done', 'failed'], 'failed'],
    [['failed', 'done'], 'failed'],
  ])('%j: %s', (stages, expected) => {
    const processes: ProcessStatus[] = stages.map((stage, at) => ({
      ruleId: `r#${at}`,
      eventId: `${at}`,
      stage,
      files: 1,
      jobs: [],
    }));
    expect(overview(processes)).toEqual({ stage: expected, processes });
  });
});

describe('result of a run', () => {
  const batch = (ruleId: string, count: number): SealedBatch => ({
    process: {
      dest: 'ds.t',
      eventId: '777',
      startedMs: 0,
      source: { url: 'gs://b/a', updatedMs: 0 },
      ruleUrl: 'r',
      async: true,
      projectId: 'p',
      params: {},
      stepCount: 1,
    },
    ruleId,
    files: { part: 'gs://b/part', count, bytes: count, sample: [] },
    jobId: `${ruleId}-job`,
  });
  const planOf = (sealed: SealedBatch): Plan => ({
    process: sealed.process,
    ruleId: sealed.ruleId,
    prepare: [],
    load: [
      [
        {
          step: 1,
          action: 'load',
          job: { jobId: sealed.jobId, projectId: 'p', configuration: {} },
          files: sealed.files,
        },
      ],
    ],
    transferAfterLoad: false,
    maxReload: 15,
    transfer: [],
    onSuccess: [],
    onFailure: [],
    cleanup: [],
    stepCount: 1,
    actions: { onSuccess: [], onFailure: [] },
  });
  const loaded = (ruleId: string, count: number, rows: number): BatchOutcome => {
    const sealed = batch(ruleId, count);
    return { batch: sealed, plan: planOf(sealed), job: { jobId: sealed.jobId, rows } };
  };
  const failedWith = (error: { type: string; message: string }): BatchOutcome => ({ ...loaded('r', 2, 0), error });

  test.each<[string, BatchOutcome[], object]>([
    ['without a process', [], { files: 0, rows: 0, jobIds: [], jobs: [] }],
    ['with nothing left to load', [{}], { files: 0, rows: 0, jobIds: [], jobs: [] }],
    [
      'sums up its processes',
      [loaded('r', 2, 5), {}, loaded('s', 1, 7)],
      {
        files: 3,
        rows: 12,
        jobIds: ['r-job', 's-job'],
        jobs: ['r-job', 's-job'].map((jobId) => ({ projectId: 'p', jobId })),
      },
    ],
  ])('%s', (_name, outcomes, expected) => {
    expect(resultOf('ds.t', outcomes)).toEqual({ dest: 'ds.t', ...expected });
  });

  test('is the failure of its first failed process, which tells of all that failed', () => {
    const early: BatchOutcome = { error: { type: 'RuleMissing', message: 'no rule' } };
    const outcomes = [loaded('s', 1, 7), failedWith({ type: 'LoadFailed', message: 'bad rows' }), early];
    let thrown: unknown;
    try {
      resultOf('ds.t', outcomes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ApplicationFailure);
    const part = { part: 'gs://b/part', count: 2, bytes: 2, sample: [] };
    expect(thrown).toMatchObject({
      message: 'bad rows',
      type: 'LoadFailed',
      nonRetryable: true,
      details: [
        { rule: 'r', table: 'ds.t', job: 'r-job', files: part, error: { type: 'LoadFailed', message: 'bad rows' } },
        { rule: undefined, table: 'ds.t', job: undefined, files: undefined, error: early.error },
      ],
    });
  });
});
