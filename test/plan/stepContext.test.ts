import { jobSummary } from '../../src/plan/jobSummary';
import { responseOf } from '../../src/plan/replayed/response';
import { afterStep } from '../../src/plan/replayed/stepResults';
import { plan } from './planning';

test('results of earlier steps stay until a step replaces them', () => {
  const before = { jobId: 'a', results: { StatusCode: 200 }, error: 'no such table' };
  expect(afterStep(before, {})).toEqual(before);
  expect(afterStep(before, { results: { MessageIDs: ['1'] } })).toEqual({ ...before, results: { MessageIDs: ['1'] } });
  expect(afterStep(before, { jobId: 'b' })).toEqual({ ...before, jobId: 'b' });
});

test('the summary of a job keeps names and numbers, but no query plan', () => {
  const job = {
    id: 'p:US.x',
    jobReference: { projectId: 'p', jobId: 'x' },
    status: { state: 'DONE', errors: [{ reason: 'invalid' }] },
    statistics: {
      startTime: '1',
      query: { statementType: 'SELECT', queryPlan: [{ name: 'S00' }], schema: { fields: [] } },
    },
  };
  expect(jobSummary(job)).toEqual({
    id: 'p:US.x',
    jobReference: { projectId: 'p', jobId: 'x' },
    status: { state: 'DONE' },
    statistics: { startTime: '1', query: { statementType: 'SELECT' } },
  });
});

test('a response contains event, table, job, files and rows, and the error of a failure', () => {
  const planned = plan({});
  const job = { jobId: 'x', rows: 3 };
  const [[first] = []] = planned.load;
  expect(responseOf({ plan: planned, files: { count: 2 }, job, error: { message: 'too many' } })).toEqual({
    Status: 'error',
    Error: 'too many',
    EventID: planned.process.eventId,
    DestTable: planned.process.dest,
    JobRef: expect.objectContaining({ jobId: 'x', projectId: first?.job.projectId }),
    Files: 2,
    Rows: 3,
  });
});
