import { openedInPlaceOf } from '../../../src/plan/replayed/recoverySteps';
import type { LoadStep } from '../../../src/plan/steps';

const part = (number: number, writeDisposition: string): LoadStep => ({
  step: 1,
  action: 'load',
  job: { jobId: `job-${number}`, projectId: 'p', configuration: { load: { writeDisposition, sourceFormat: 'AVRO' } } },
  files: { entry: 'gs://b/part.json', from: number, count: 1, bytes: 1, sample: [] },
});
const stages = (others: readonly LoadStep[]) =>
  openedInPlaceOf(part(0, 'WRITE_TRUNCATE'), others).map((stage) =>
    stage.map(({ job: { jobId, configuration } }) => [jobId, configuration.load]),
  );

test('if the first part has no good file, the next part truncates the table and the others append', () => {
  const append = { writeDisposition: 'WRITE_APPEND', sourceFormat: 'AVRO' };
  const truncate = { writeDisposition: 'WRITE_TRUNCATE', sourceFormat: 'AVRO' };
  const next = [1, 2, 3].map((number) => part(number, 'WRITE_APPEND'));
  expect(stages(next)).toEqual([
    [['job-1', truncate]],
    [
      ['job-2', append],
      ['job-3', append],
    ],
  ]);
  expect(stages(next.slice(0, 1))).toEqual([[['job-1', truncate]]]);
  expect(stages([])).toEqual([]);
});
