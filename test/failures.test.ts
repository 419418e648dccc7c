import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { type FailureType, failures, failureTypeOf, newFailure } from '../src/failures';

const { failuresPage }: { failuresPage: (catalogue: object) => string } = require('../scripts/writeFailuresPage.cjs');

const TYPES = Object.keys(failures) as FailureType[];

test('docs/failures.md lists the catalogue; regenerate it by npm run setup && node scripts/writeFailuresPage.cjs', () => {
  const page = readFileSync(join(__dirname, '..', 'docs', 'failures.md'), 'utf8');
  expect(page).toBe(failuresPage(failures));
});

test.each(TYPES)('a failure of type %s is retried as the catalogue says', (type) => {
  const failure = newFailure(type, 'what happened');
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type, message: 'what happened', nonRetryable: !failures[type].retry, details: [] });
});

test('a thrower may decide about the retry, its pause and the details', () => {
  const failure = newFailure('ActionFailed', 'busy', { retry: true, retryAfterMs: 5000, details: { status: 429 } });
  expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 5000, details: [{ status: 429 }] });
});

test.each([
  [newFailure('NotFound', 'gone'), 'NotFound'],
  [ApplicationFailure.nonRetryable('x', 'TypeError'), undefined],
  [ApplicationFailure.nonRetryable('x', 'toString'), undefined],
  [new Error('x'), undefined],
])('%s has the type %s', (error, type) => {
  expect(failureTypeOf(error)).toBe(type);
});
