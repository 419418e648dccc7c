// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { expandDestination, NameInvalid, parameters, patternGroups } from '../../src/rules/destination';
import { parseRuleFile } from '../../src/rules/parseRuleFile';
import { parseTableName, type TableName } from '../../src/rules/tableReference';
import type { Rule } from '../../src/rules/types';
import { expandText } from '../../src/rules/variables';
import { hash } from '../../src/windows/hash';

const file = { url: 'gs://my-trigger/data/2019/02/04/logs_17.avro', updatedMs: Date.parse('2023-11-14T22:13:20Z') };
const P = 'data/(\\d{4})/(\\d{2})/(\\d{2})/.+';
const WORD = 'data/(\\d{4})/(\\d{2})/(\\d{2})/(\\w+)_';

function rule(Table: string, Pattern?: string, values: Record<string, string> = {}, more: object = {}): Rule {
  const Parameters = Object.entries(values).map(([Name, Expression]) => ({ Name, Expression }));
  const text = JSON.stringify({ When: { Filter: '.' }, Dest: { Table, Pattern, Parameters, ...more } });
  const { rules, problems } = parseRuleFile('gs://c/r.json', text);
  const [first] = rules;
  if (first === undefined) throw new Error(JSON.stringify(problems));
  return first;
}

describe('a table name is expanded', () => {
  test.each<[string, string, string | undefined, Record<string, string>, string]>([
    ['with two sizes of $Mod', 'ds.t_$Mod(5)_$Mod(40)', undefined, {}, 'ds.t_4_29'],
    ['with the date', 'ds.t_$Mod(5)_$Date', undefined, {}, 'ds.t_4_20231114'],
    [
      'with the hour of a 24-hour clock, not the 12-hour clock of viant/bqtail',
      'ds.t_$Date_$Hour',
      undefined,
      {},
      'ds.t_20231114_22',
    ],
    ['with groups', 'ds.t_$1$2$3', P, {}, 'ds.t_20190204'],
    ['without a match', 'ds.t_$1', 'nothing(\\d)', {}, 'ds.t_$1'],
    ['with group 1 and a 2 when there is no group 12', 'ds.t_$12', P, {}, 'ds.t_20192'],
    ['with group 12', 'ds.t_$12', '(l)(o)(g)(s)(_)(1)(7)(\\.)(a)(v)(r)(o)', {}, 'ds.t_o'],
    ['with a partition of groups, which viant/bqtail expands wrongly', 'ds.t$$1$2$3', P, {}, 'ds.t$20190204'],
    ['with a partition of the date', 'ds.t$$Date', P, {}, 'ds.t$20231114'],
    ['with a parameter', 'ds.t_$My', P, { My: '$1$2' }, 'ds.t_201902'],
    ['with a longer name, which is not a parameter', 'ds.t_$My_x', P, { My: '$1$2' }, 'ds.t_$My_x'],
    ['with a parameter in braces', 'ds.t_${My}_x', P, { My: '$1$2' }, 'ds.t_201902_x'],
    ['with a function', 'ds.t_$My', WORD, { My: '$ToUpper($4)' }, 'ds.t_LOGS'],
    ['with the source date, not a parameter of that name', 'ds.t_$Date', P, { Date: '$1-$2-$3' }, 'ds.t_20231114'],
    ['with that parameter in braces', 'ds.t_${Date}', P, { Date: '$1-$2-$3' }, 'ds.t_2019-02-04'],
    ['without a change of braces that name no parameter', 'ds.t_${Date}', undefined, {}, 'ds.t_${Date}'],
    ['without variables that are expanded at load time', 'ds.t_$EventID_${GroupID}', P, {}, 'ds.t_$EventID_${GroupID}'],
    ['without parameters when there is no Pattern', 'ds.t_$My', undefined, { My: 'x' }, 'ds.t_$My'],
    ['with a parameter as dataset', '$Name.t', P, { Name: 'd$1' }, 'd2019.t'],
    ['with the date before another letter', 'ds.t_$DateX', undefined, {}, 'ds.t_20231114X'],
    ['with spaces in $Mod', 'ds.t_$Mod( 5 )', undefined, {}, 'ds.t_4'],
    ['without a group 0', 'ds.t_$0', P, {}, 'ds.t_$0'],
  ])('%s', (_name, table, pattern, values, expected) => {
    expect(expandDestination(rule(table, pattern, values), file).table).toBe(expected);
  });
});

describe("$Date and $Hour are in UTC, from the file's last update, with hours from 00 to 23", () => {
  test.each([
    ['2023-11-14T00:00:00Z', '20231114_00'],
    ['2023-11-14T00:59:59.999Z', '20231114_00'],
    ['2023-11-14T12:00:00Z', '20231114_12'],
    ['2023-11-14T13:04:05Z', '20231114_13'],
    ['2023-11-14T23:59:59.999Z', '20231114_23'],
    ['2024-02-29T23:30:00-01:00', '20240301_00'],
  ])('%s', (time, expected) => {
    const at = { ...file, updatedMs: Date.parse(time) };
    expect(expandDestination(rule('ds.t_$Date_$Hour'), at).table).toBe(`ds.t_${expected}`);
  });
});

describe('$Mod is computed from the whole URL', () => {
  test.each([
    [file.url, 5, 4],
    [file.url, 1, 0],
    [file.url, 1_000_000, 308_629],
    [file.url.replace('my-trigger', 'other'), 5, Number(hash(file.url.replace('my-trigger', 'other')) % 5n)],
    ['gs://my-trigger/data/case004/path1', 1000, 539],
  ])('%s mod %d is %d', (url, size, expected) => {
    expect(expandDestination(rule(`ds.t_$Mod(${size})`), { ...file, url }).table).toBe(`ds.t_${expected}`);
  });
});

describe('an expanded name with project and decorator is a valid table name', () => {
  const at = { dataset: 'ds', table: 't_20231114' };
  const loaded = { EventID: '777', GroupID: '1700000000' };
  test.each<[string, TableName]>([
    ['proj:ds.t_$Date', { project: 'proj', ...at }],
    ['proj.ds.t_$Date', { project: 'proj', ...at }],
    ['my-proj-1:ds.t_$Date', { project: 'my-proj-1', ...at }],
    ['dom.com:proj:ds.t_$Date', { project: 'dom.com:proj', ...at }],
    ['dom.com:proj.ds.t_$Date', { project: 'dom.com:proj', ...at }],
    ['`proj.ds.t_$Date`', { project: 'proj', ...at }],
    ['$1-proj:ds.t_$Mod(5)', { project: '2019-proj', dataset: 'ds', table: 't_4' }],
    ['proj:ds_$1.t', { project: 'proj', dataset: 'ds_2019', table: 't' }],
    ['proj:ds.t$$Date', { project: 'proj', dataset: 'ds', table: 't', partition: '20231114' }],
    ['proj.ds.t$$Date$Hour', { project: 'proj', dataset: 'ds', table: 't', partition: '2023111422' }],
    ['ds.t$$1$2$3', { dataset: 'ds', table: 't', partition: '20190204' }],
    ['ds.t$${My}', { dataset: 'ds', table: 't', partition: '201902' }],
    ['ds.t_$EventID', { dataset: 'ds', table: 't_777' }],
    ['proj:ds.t_${GroupID}_$EventID', { project: 'proj', dataset: 'ds', table: 't_1700000000_777' }],
    ['ds.t_$EventID$$Date', { dataset: 'ds', table: 't_777', partition: '20231114' }],
  ])('%s', (text, expected) => {
    const { table } = expandDestination(rule(text, P, { My: '$1$2' }), file);
    expect(parseTableName(expandText(table, loaded))).toEqual(expected);
  });

  test('a literal decorator stays when there is no Pattern', () => {
    expect(expandDestination(rule('ds.t$20200101'), file).table).toBe('ds.t$20200101');
  });
});

test('the value of a group is not expanded again', () => {
  const odd = { ...file, url: 'gs://b/data/$2/$Date/x' };
  expect(expandDestination(rule('ds.t_$1_$2', 'data/([^/]+)/([^/]+)'), odd).table).toBe('ds.t_$2_$Date');
});

test('the partition and the tables of a split are expanded like the table', () => {
  const expanded = expandDestination(
    rule(
      'ds.t',
      P,
      {},
      {
        Partition: '$1$2$3',
        Transient: { Dataset: 'temp' },
        Schema: { Split: { Mapping: [{ When: 'id = $1', Then: 'ds.t_$Mod(5)_$1' }] } },
      },
    ),
    file,
  );
  expect(expanded).toEqual({
    table: 'ds.t',
    partition: '20190204',
    mapping: [{ when: 'id = $1', table: 'ds.t_4_2019' }],
    parameters: {},
    patternGroups: ['2019', '02', '04'],
  });
});

test('pattern groups are absent without Pattern, none without a match, and empty for a group that did not participate', () => {
  expect(patternGroups(rule('d.t'), file.url)).toBeUndefined();
  expect(expandDestination(rule('d.t'), file).patternGroups).toBeUndefined();
  expect(expandDestination(rule('d.t', '(no)'), file).patternGroups).toEqual([]);
  expect(patternGroups(rule('d.t', '(x)?data/(\\d+)'), file.url)).toEqual(['', '2019']);
});

test('an invalid $Mod that was not checked makes the name invalid', () => {
  const good = rule('d.t');
  const bad = { ...good, dest: { ...good.dest, table: 'd.t_$Mod(0)' } };
  expect(() => expandDestination(bad, file)).toThrow(NameInvalid);
});

describe('a pattern parameter is evaluated', () => {
  test.each([
    ['$1-$2-$3', '2019-02-04'],
    ['plain, text', 'plain, text'],
    ['$ToLower(ABC)', 'abc'],
    ['$ToUpper( $4 )', 'LOGS'],
    ['$Replace("$1-$2", "-", "_")', '2019_02'],
    ['$Replace($1-$2, -, )', '201902'],
    ["$Replace('a$b', '$', ',')", 'a,b'],
    ['$Concat($1, $2, "/", x)', '201902/x'],
    ['$Join($Split($1-$2-$3, -), _)', '2019_02_04'],
    ['$Split("a, b", ",")', '["a","b"]'],
    ['$Length($1)', '4'],
    ['$Len($Split(a/b/c, /))', '3'],
    ['$IndexOf($4, g)', '2'],
    ['$AsInt($2)', '2'],
    ['$AsInt(x2)', 'x2'],
    ['$AsFloat(1.50)', '1.5'],
    ['$AsBool(T)', 'true'],
    ['$AsString($2)', '02'],
    ['$TrimSpace("  a ")', 'a'],
    ['$QueryEscape("a b/ü(1)")', 'a+b%2F%C3%BC%281%29'],
    ['$QueryUnescape(a+b%2Fc)', 'a b/c'],
    ['$QueryUnescape(%zz)', '%zz'],
    ['$Base64Decode($Base64Encode($1))', '2019'],
    ['$ToUpper($Replace($4, logs, "x(y),z"))', 'X(Y),Z'],
    ['$ToUpper(a(b)c)', 'A(B)C'],
    ['$NoCall and $9 and $', '$NoCall and $9 and $'],
  ])('%s', (expression, expected) => {
    expect(parameters(rule('d.t', WORD, { A: expression }), file.url)).toEqual({ A: expected });
  });

  test('without a change of the call by commas and brackets in a value', () => {
    const { A } = parameters(rule('d.t', 'x/(.+)/y', { A: '$Replace($1, b, c)' }), 'gs://b/x/a),b(/y');
    expect(A).toBe('a),c(');
  });

  test('without group values when the path does not match', () => {
    expect(parameters(rule('d.t', '(no)', { A: '$1_$ToUpper(x$1)' }), file.url)).toEqual({ A: '$1_X$1' });
  });
});
