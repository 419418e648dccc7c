import { stringify } from 'yaml';
import { parseRuleFile } from '../../src/rules/parseRuleFile';
import realCases from './fixtures/realCases.json';

/** Rules of the original's own end-to-end cases. */
const cases = Object.entries(realCases).map(([name, rules]) => ({ name, rules }));

describe('rules of real cases', () => {
  test.each(cases)('$name loads without problem or warning', ({ name, rules }) => {
    const parsed = parseRuleFile(`gs://c/Rules/${name}.json`, JSON.stringify(rules));
    expect(parsed).toMatchObject({ problems: [], warnings: [] });
    expect(parsed.rules).toHaveLength(rules.length);
  });

  test.each(cases)('$name means the same in YAML, in lower case, and after a trip through JSON', ({ name, rules }) => {
    const url = `gs://c/Rules/${name}.yaml`;
    const fromJson = parseRuleFile(`gs://c/Rules/${name}.json`, JSON.stringify(rules)).rules;
    const expected = JSON.parse(JSON.stringify(fromJson).replaceAll(`${name}.json`, `${name}.yaml`));
    expect(parseRuleFile(url, stringify(rules)).rules).toStrictEqual(expected);
    expect(parseRuleFile(url, stringify(inLowerCase(rules))).rules).toStrictEqual(expected);
  });
});

const FREE_KEYS = new Set(['Transform']);

function inLowerCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inLowerCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toLowerCase(), FREE_KEYS.has(key) ? item : inLowerCase(item)]),
  );
}
