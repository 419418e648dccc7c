// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { expandAtRun, namesFiles } from '../../src/plan/expandAtRun';
import { resultsOfJob } from '../../src/plan/replayed/stepResults';

test('the files of the batch expand to a list or to a text', () => {
  const uris = ['gs://b/x', 'gs://b/y'];
  expect(expandAtRun({ URLs: '$LoadURIs', Text: '$URLs', SQL: "SPLIT('$URLs', ',')" }, { uris })).toEqual({
    URLs: uris,
    Text: 'gs://b/x,gs://b/y',
    SQL: "SPLIT('gs://b/x,gs://b/y', ',')",
  });
});

test('the results of the previous step are expanded', () => {
  const results = { StatusCode: 200, Data: { id: [7] } };
  expect(expandAtRun({ Message: 'got $StatusCode: $Data.id[0]', Whole: '$Data' }, { results })).toEqual({
    Message: 'got 200: 7',
    Whole: { id: [7] },
  });
});

test('job ID, error and response are expanded', () => {
  const facts = { jobId: 'x--777_00001_load--tail', error: 'no such field', response: { Status: 'error' } };
  expect(expandAtRun({ Title: '$JobID: $Error, $Error', Body: '$Response' }, facts)).toEqual({
    Title: 'x--777_00001_load--tail: no such field, no such field',
    Body: { Status: 'error' },
  });
});

test('variables without a value stay as they are', () => {
  expect(expandAtRun({ A: '$Error $URLs ds.t$__PARTITIONS_SUMMARY__' }, {})).toEqual({
    A: '$Error $URLs ds.t$__PARTITIONS_SUMMARY__',
  });
});

test('the results of a job are its resource with capitalised keys', () => {
  const results = resultsOfJob({ id: 'p:x', jobReference: { jobId: 'x' }, status: { errors: [{ reason: 'a' }] } });
  expect(results).toEqual({ Id: 'p:x', JobReference: { JobId: 'x' }, Status: { Errors: [{ Reason: 'a' }] } });
});

test.each([
  ['$LoadURIs', true],
  ['x ${URLs} y', true],
  [{ a: [{ b: '$LoadURIs[0]' }] }, true],
  ['$URLsX $LoadURI', false],
  [{ a: 1, b: null }, false],
])('whether %j refers to the files of the batch: %s', (value, expected) => {
  expect(namesFiles(value)).toBe(expected);
});
