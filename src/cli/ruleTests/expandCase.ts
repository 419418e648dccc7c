import type { Services } from '@bqtail/local-stack';
import { type AppNames, rulesUrl } from '../dev/appConfig';
import { placeholderValues } from './caseNames';
import { expandData, expandPlaceholders } from './placeholders';
import { type TestCase, testCase } from './testCase';

/** A rule file to write into the rules folder. */
export interface WrittenRule {
  readonly url: string;
  readonly text: string;
}

/** A case with its placeholders expanded for one run. */
export interface ExpandedCase {
  readonly testCase: TestCase;
  readonly rules: readonly WrittenRule[];
}

/** Expands the placeholders of a case for one run. The content of uploads is expanded only where the case says so. */
export function expandCase(
  raw: TestCase,
  names: AppNames,
  services: Services,
  auxUrl: string,
  now: Date,
): ExpandedCase {
  const urls = raw.rules.map((rule, at) => `${rulesUrl(names)}/${fileOf(raw, rule, at)}`);
  const values = placeholderValues(names, services, urls[0] ?? '', auxUrl);
  const expanded = (text: string) => expandPlaceholders(text, values, now);
  const { uploads, ...rest } = raw;
  const expandedRest = expandData(JSON.parse(JSON.stringify(rest)), values, now);
  const expandedUploads = uploads.map(({ url, text, expand, ...upload }) => ({
    ...upload,
    url: expanded(url),
    expand,
    text: text !== undefined && expand ? expanded(text) : text,
  }));
  const whole = testCase.parse({ ...Object(expandedRest), uploads: expandedUploads });
  const rules = whole.rules.map((rule, at) => ({
    url: urls[at] ?? '',
    text: typeof rule.text === 'string' ? rule.text : JSON.stringify(rule, null, 1),
  }));
  return { testCase: whole, rules };
}

function fileOf(raw: TestCase, { file }: TestCase['rules'][number], at: number): string {
  if (typeof file === 'string') return file;
  return `${raw.id}${at === 0 ? '' : `_${at + 1}`}.json`;
}

/** Compares a case's failed workflows with `expectFailures`: lists missing types and unexpected failures. */
export function failureLines(
  { expectFailures }: TestCase,
  failures: readonly { readonly workflowId: string; readonly type: string; readonly message: string }[],
): readonly string[] {
  if (expectFailures === undefined) return [];
  const missing = expectFailures.filter((type) => !failures.some((failure) => failure.type === type));
  const surplus = failures.filter(({ type }) => !expectFailures.includes(type));
  return [
    ...missing.map((type) => `no workflow failed with ${type}, but one should`),
    ...surplus.map(({ workflowId, type, message }) => `${workflowId} failed with ${type}: ${message}`),
  ];
}
