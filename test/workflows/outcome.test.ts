import { ApplicationFailure } from '@temporalio/workflow';
import type { BatchOutcome } from '../../src/workflows/batchOutcome';
import type { ProcessStatus, Stage } from '../../src/workflows/contract';
import { overview, resultOf } from '../../src/workflows/outcome';
import { loadedBatch } from './examples';

describe('a run has the first stage among those of its processes', () => {
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
  ])('of %j, that is %s', (stages, expected) => {
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

describe('the result of a run', () => {
  const failedWith = (error: { type: string; message: string }): BatchOutcome => ({
    ...loadedBatch('r', 2, 0),
    error,
  });

  test.each<[string, BatchOutcome[], object]>([
    ['is empty without a process', [], { files: 0, rows: 0, jobIds: [], jobs: [] }],
    ['is empty when no file was left to load', [{}], { files: 0, rows: 0, jobIds: [], jobs: [] }],
    [
      'has the totals of its processes',
      [loadedBatch('r', 2, 5), {}, loadedBatch('s', 1, 7)],
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

  test('is the failure of the first failed process, with details of all failed ones', () => {
    const unplanned: BatchOutcome = { error: { type: 'RuleMissing', message: 'no rule' } };
    const outcomes = [loadedBatch('s', 1, 7), failedWith({ type: 'LoadFailed', message: 'bad rows' }), unplanned];
    let thrown: unknown;
    try {
      resultOf('ds.t', outcomes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ApplicationFailure);
    const part = { entry: 'gs://b/part', count: 2, bytes: 2, sample: [] };
    expect(thrown).toMatchObject({
      message: 'bad rows',
      type: 'LoadFailed',
      nonRetryable: true,
      details: [
        { rule: 'r', table: 'ds.t', job: 'r-job', files: part, error: { type: 'LoadFailed', message: 'bad rows' } },
        { rule: undefined, table: 'ds.t', job: undefined, files: undefined, error: unplanned.error },
      ],
    });
  });
});
