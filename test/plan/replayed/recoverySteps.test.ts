import { openedInPlaceOf } from '../../../src/plan/replayed/recoverySteps';
import type { LoadStep } from '../../../src/plan/steps';

const part = (number: number, writeDisposition: string): LoadStep => ({
  step: 1,
  action: 'load',
  job: { jobId: `job-${number}`, projectId: 'p', configuration: { load: { writeDisposition, sourceFormat: 'AVRO' } } },
  files: { part: 'gs://b/part.json', from: number, count: 1, bytes: 1, sample: [] },
});
const rounds = (others: readonly LoadStep[]) =>
  openedInPlaceOf(part(0, 'WRITE_TRUNCATE'), others).map((round) =>
    round.map(({ job: { jobId, configuration } }) => [jobId, configuration.load]),
  );

test('without a good file in the first part, the next one empties the table and the others append after it', () => {
  const append = { writeDisposition: 'WRITE_APPEND', sourceFormat: 'AVRO' };
  const truncate = { writeDisposition: 'WRITE_TRUNCATE', sourceFormat: 'AVRO' };
  const next = [1, 2, 3].map((number) => part(number, 'WRITE_APPEND'));
  expect(rounds(next)).toEqual([
    [['job-1', truncate]],
    [
      ['job-2', append],
      ['job-3', append],
    ],
  ]);
  expect(rounds(next.slice(0, 1))).toEqual([[['job-1', truncate]]]);
  expect(rounds([])).toEqual([]);
});
