import type { Services } from '@bqtail/local-stack';
import { type AppNames, rulesUrl } from '../dev/appConfig';
import { placeNames } from './caseNames';
import { filled, filledData } from './placeholders';
import { type TestCase, testCase } from './testCase';

/** A rule file as it is written into the rules folder. */
export interface WrittenRule {
  readonly url: string;
  readonly text: string;
}

/** A case with the names of one run put in. */
export interface FilledCase {
  readonly testCase: TestCase;
  readonly rules: readonly WrittenRule[];
}

/** Puts the names of a run into a case; the content of uploads stays as it is, unless the case wants it expanded. */
export function filledCase(raw: TestCase, names: AppNames, services: Services, auxUrl: string, now: Date): FilledCase {
  const urls = raw.rules.map((rule, at) => `${rulesUrl(names)}/${fileOf(raw, rule, at)}`);
  const places = placeNames(names, services, urls[0] ?? '', auxUrl);
  const fill = (text: string) => filled(text, places, now);
  const { uploads, ...rest } = raw;
  const filledRest = filledData(JSON.parse(JSON.stringify(rest)), places, now);
  const filledUploads = uploads.map(({ url, text, expand, ...upload }) => ({
    ...upload,
    url: fill(url),
    expand,
    ...(text === undefined ? {} : { text: expand ? fill(text) : text }),
  }));
  const whole = testCase.parse({ ...Object(filledRest), uploads: filledUploads });
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

/** What must hold of a case's failures: types that are missing, and failures that nobody expected. */
export function failureLines(
  { expectFailures }: TestCase,
  failures: readonly { readonly workflowId: string; readonly type: string; readonly message: string }[],
): readonly string[] {
  if (expectFailures === undefined) return [];
  const missing = expectFailures.filter((type) => !failures.some((failure) => failure.type === type));
  const surplus = failures.filter(({ type }) => !expectFailures.includes(type));
  return [
    ...missing.map((type) => `no workflow failed with ${type}, which is expected`),
    ...surplus.map(({ workflowId, type, message }) => `${workflowId} failed with ${type}: ${message}`),
  ];
}
