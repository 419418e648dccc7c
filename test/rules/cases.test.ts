import { stringify } from 'yaml';
import { parseRuleFile } from '../../src/rules/parseRuleFile';
import realCases from './fixtures/realCases.json';

/** Rules of viant/bqtail's own end-to-end cases. */
const cases = Object.entries(realCases).map(([name, rules]) => ({ name, rules }));

describe('the rules of a real case', () => {
  test.each(cases)('$name load without problems and warnings', ({ name, rules }) => {
    const parsed = parseRuleFile(`gs://c/Rules/${name}.json`, JSON.stringify(rules));
    expect(parsed).toMatchObject({ problems: [], warnings: [] });
    expect(parsed.rules).toHaveLength(rules.length);
  });

  test.each(cases)('$name mean the same in YAML, in lower case, and after serialisation to JSON', ({ name, rules }) => {
    const url = `gs://c/Rules/${name}.yaml`;
    const fromJson = parseRuleFile(`gs://c/Rules/${name}.json`, JSON.stringify(rules)).rules;
    const expected = JSON.parse(JSON.stringify(fromJson).replaceAll(`${name}.json`, `${name}.yaml`));
    expect(parseRuleFile(url, stringify(rules)).rules).toEqual(expected);
    expect(parseRuleFile(url, stringify(inLowerCase(rules))).rules).toEqual(expected);
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
