// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { calculate } from '../../src/rules/arithmetic';
import { loadVariables } from '../../src/rules/loadVariables';
import { expand, expandText, hasVariable } from '../../src/rules/variables';

const variables = {
  EventID: '777',
  Big: '9223372036854775806',
  Date: '20200102',
  URLs: 'gs://b/x,gs://b/y',
  LoadURIs: ['gs://b/x', 'gs://b/y'],
  Source: { URL: 'gs://b/x', Tags: ['a', 'b'] },
  Async: true,
  Count: 3,
  Nothing: null,
  DollarSign: '$',
  A: 'one',
  B: 'two',
  Odd: '$A $& $1',
};

describe('a value that is only a variable gets the type of the variable', () => {
  test.each([
    ['$LoadURIs', ['gs://b/x', 'gs://b/y']],
    [' ${LoadURIs} ', ['gs://b/x', 'gs://b/y']],
    ['$Async', true],
    ['$Count', 3],
    ['$Nothing', null],
    ['$Source', { URL: 'gs://b/x', Tags: ['a', 'b'] }],
    ['$Source.Tags', ['a', 'b']],
    ['$Source.Tags[1]', 'b'],
    ['$LoadURIs[0]', 'gs://b/x'],
    ['$EventID', '777'],
    ['${Date + 1}', 20200103],
    ['${Count * 2 ^ 3 - 1}', 23],
    ['${(Count + 1) / 3}', 4 / 3],
    ['${EventID % 5}', 2],
    ['${Big + 1}', '9223372036854775807'],
    ['$Unknown', '$Unknown'],
    ['${Unknown + 1}', '${Unknown + 1}'],
    ['${A + 1}', '${A + 1}'],
    ['${Count / 0}', '${Count / 0}'],
    ['${}', '${}'],
  ])('%s', (text, expected) => {
    expect(expand(text, variables)).toEqual(expected);
  });
});

describe('a variable within a longer text becomes text', () => {
  test.each([
    ['x$LoadURIs', 'x["gs://b/x","gs://b/y"]'],
    ["SPLIT('$URLs', ',')", "SPLIT('gs://b/x,gs://b/y', ',')"],
    ['n=$Count, $Async', 'n=3, true'],
    ['$A$B', 'onetwo'],
    ['${A}_x$A_x', 'one_x$A_x'],
    ['gs://b/$EventID.json', 'gs://b/777.json'],
    ['$Source.URL.gz', 'gs://b/x.gz'],
    ['$LoadURIs[7]', '["gs://b/x","gs://b/y"][7]'],
    ['--$A++', '--one++'],
    ['t${DollarSign}20200101', 't$20200101'],
    ['[p:d.t$__PARTITIONS_SUMMARY__]', '[p:d.t$__PARTITIONS_SUMMARY__]'],
    ['${Date + 1}_x', '20200103_x'],
    ['$Odd!', '$A $& $1!'],
    ['$ $1 $$A ${A', '$ $1 $one ${A'],
    ['$toString ${constructor}', '$toString ${constructor}'],
  ])('%s', (text, expected) => {
    expect(expandText(text, variables)).toBe(expected);
    expect(expand(`>${text}`, variables)).toBe(`>${expected}`);
  });
});

test('all texts of a request are expanded, including keys', () => {
  const request = { Attributes: { $A: '$Count', n: 5 }, List: ['$B', { x: '$LoadURIs' }], flag: false };
  expect(expand(request, variables)).toEqual({
    Attributes: { one: 3, n: 5 },
    List: ['two', { x: ['gs://b/x', 'gs://b/y'] }],
    flag: false,
  });
});

test.each([
  ['ds.t', false],
  ['ds.t$20200101', false],
  ['ds.$Name', true],
  ['ds.${Name}', true],
])('whether %s has a variable: %s', (text, expected) => {
  expect(hasVariable(text)).toBe(expected);
});

test.each([
  ['1 + 2 * 3', '7'],
  ['2 ^ 3 ^ 2', '512'],
  ['-(2 + 1)', '-3'],
  ['7 / 2', '3.5'],
  ['1.5 * 2', '3'],
  ['2 ^ -1', '0.5'],
  ['1 +', undefined],
  ['(1', undefined],
  ['1 2', undefined],
  ['1 & 2', undefined],
  ['9 ^ 9999', undefined],
])('the formula %s has the value %s', (formula, expected) => {
  expect(calculate(formula, () => undefined)).toBe(expected);
});

describe('a text with variables of a load is expanded', () => {
  const facts = {
    eventId: '777',
    destTable: 'p:ds.t',
    tempTable: '`p.temp.t_777`',
    ruleUrl: 'gs://c/r.yaml',
    processUrl: 'gs://j/Running/x.run',
    doneProcessUrl: 'gs://j/Done/x.run',
    failedUrl: 'gs://j/failed',
    projectId: 'p',
    region: 'US',
    async: true,
    jobId: 'job',
    source: { url: 'gs://trig/data/a.json', time: '2020-01-02T13:04:05Z', status: 'pending' },
    uris: ['gs://trig/data/a.json', 'gs://trig/data/b.json'],
    date: '20200102',
    hour: '13',
    parameters: { My: 'm', Hour: '99', EventID: 'no' },
  };
  test.each([
    ['$EventID $DestTable $TempTable $JobSource', '777 p:ds.t `p.temp.t_777` `p.temp.t_777`'],
    ['$My $Date $Hour $Params.Hour', 'm 20200102 99 99'],
    ['$TriggerBucket $SourceURI $JobID', 'trig gs://trig/data/a.json job'],
    ['$Source.Time $URLs', '2020-01-02T13:04:05Z gs://trig/data/a.json,gs://trig/data/b.json'],
    ['$GroupID $PartitionID $Error', '$GroupID $PartitionID $Error'],
  ])('in %s', (text, expected) => {
    expect(expandText(text, loadVariables(facts))).toBe(expected);
  });

  test('in all parts of a message to Pub/Sub', () => {
    const request = {
      Topic: 'bus',
      Attributes: { EventID: '$EventID' },
      Message: { RuleURL: '$RuleURL', SourceURIs: '$LoadURIs' },
    };
    expect(expand(request, loadVariables(facts))).toEqual({
      Topic: 'bus',
      Attributes: { EventID: '777' },
      Message: { RuleURL: 'gs://c/r.yaml', SourceURIs: facts.uris },
    });
  });
});
