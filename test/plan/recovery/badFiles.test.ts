import type { JobError } from '../../../src/plan/job';
import { badFiles } from '../../../src/plan/recovery/badFiles';
import { diagnose } from '../../../src/plan/recovery/diagnosis';

const X = 'gs://trig/data/x.json';
const READING = 'Error while reading data, error message:';
const any = () => true;

/** The errors of a job that failed because of one bad row, as BigQuery reports them. */
function jsonErrors(detail: string, url = X, rows = 3): JobError[] {
  return [
    {
      reason: 'invalid',
      location: url,
      message: `${READING} JSON table encountered too many errors, giving up. Rows: ${rows}; errors: 1. Please look into the errors[] collection for more details. File: ${url}`,
    },
    {
      reason: 'invalid',
      message: `${READING} JSON processing encountered too many errors, giving up. Rows: ${rows}; errors: 1; max bad: 0; error percent: 0`,
    },
    { reason: 'invalid', location: url, message: `${READING} ${detail} File: ${url}` },
  ];
}

test.each([
  [
    'JSON parsing error in row starting at position 7: No such field: params.int_value.',
    'invalidSchema',
    'params.int_value',
  ],
  [
    'JSON parsing error in row starting at position 7: Could not convert value to string. Field: name; Value: 3',
    'invalidSchema',
    'name',
  ],
  ['JSON parsing error in row starting at position 7: Missing required field: id.', 'invalidSchema', 'id'],
  ['JSON parsing error in row starting at position 7: Closing quote expected in string', 'corrupted', undefined],
  ['JSON parsing error in row starting at position 7: Parser terminated before end of string', 'corrupted', undefined],
])('a file with the error %j is %s', (detail, kind, column) => {
  const [file, ...others] = badFiles(jsonErrors(detail), any);
  expect(others).toEqual([]);
  expect(file).toMatchObject({ url: X, class: kind, row: 3, position: 7, message: expect.stringContaining(detail) });
  expect(file?.column).toBe(column);
});

test('a CSV value of the wrong type is reported with its column', () => {
  const message = `${READING} Could not parse 'x' as INT64 for field id (position 0) starting at location 5 File: ${X}`;
  expect(badFiles([{ reason: 'invalid', location: X, message }], any)).toEqual([
    { url: X, class: 'invalidSchema', reason: 'invalid', message, column: 'id' },
  ]);
});

test('words in the URL of a file do not change its class', () => {
  const url = 'gs://trig/schema/fields.json';
  const errors = jsonErrors('JSON parsing error in row starting at position 0: Unexpected token', url);
  expect(badFiles(errors, any)).toEqual([expect.objectContaining({ url, class: 'corrupted' })]);
});

test.each(['Not found: URI gs://b/x y.json', 'Not found: Files /bigstore/b/x y.json'])(
  '%s is a missing file',
  (message) => {
    expect(badFiles([{ reason: 'notFound', message }], any)).toMatchObject([
      { url: 'gs://b/x y.json', class: 'missing' },
    ]);
  },
);

test('every bad file is reported, and entries about other files or none are ignored', () => {
  const detail = 'JSON parsing error in row starting at position 0: Unexpected token';
  const errors = [...jsonErrors(detail), ...jsonErrors(detail, 'gs://trig/data/y.json')];
  expect(badFiles(errors, any).map(({ url }) => url)).toEqual([X, 'gs://trig/data/y.json']);
  expect(badFiles(errors, (url) => url !== X).map(({ url }) => url)).toEqual(['gs://trig/data/y.json']);
});

test('errors of the service take precedence over errors of files', () => {
  const errors = jsonErrors('JSON parsing error in row starting at position 0: Unexpected token');
  expect(diagnose({ reason: 'backendError', message: 'try again', errors }, any)).toEqual({
    kind: 'again',
    class: 'serviceFault',
  });
  expect(diagnose({ reason: 'invalid', message: 'x', errors }, any)).toMatchObject({ kind: 'badFiles' });
  const clash = 'Provided Schema does not match Table p:d.t. Field x has changed type from INTEGER to STRING';
  expect(diagnose({ reason: 'invalid', message: clash, errors: [{ reason: 'invalid', message: clash }] }, any)).toEqual(
    {
      kind: 'permanent',
    },
  );
});
