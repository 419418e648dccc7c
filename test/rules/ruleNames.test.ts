import { parseRuleFile } from '../../src/rules/parseRuleFile';

const URL = 'gs://c/r.json';
const A = { When: { Prefix: '/a/' }, Dest: { Table: 'd.a' } };
const B = { When: { Prefix: '/b/' }, Dest: { Table: 'd.b' } };

function read(rules: readonly object[]) {
  const { rules: parsed, problems, warnings } = parseRuleFile(URL, JSON.stringify(rules));
  return { ids: parsed.map(({ id }) => id), remarks: [...problems, ...warnings] };
}

function idOf(rule: object): string | undefined {
  return read([rule]).ids[0];
}

test('a rule keeps its ID when rules are inserted, removed and reordered', () => {
  const [a, b] = [idOf(A), idOf(B)];
  expect(a).toMatch(/^gs:\/\/c\/r\.json#[0-9a-f]{8}$/);
  expect(read([A, B]).ids).toEqual([a, b]);
  expect(read([B, A]).ids).toEqual([b, a]);
  expect(read([{ Dest: { Table: 'd.new' } }, A]).ids[1]).toBe(a);
});

test.each([
  ['an action', { ...A, OnSuccess: [{ Action: 'delete' }] }],
  ['a load option', { ...A, Dest: { ...A.Dest, SkipLeadingRows: 1 } }],
  ['the window', { ...A, Batch: { Window: { DurationInSec: 60 } } }],
  ['the spelling of keys', { when: { PREFIX: '/a/', suffix: '' }, dest: { table: 'd.a' } }],
  ['Disabled', { ...A, Disabled: true }],
])('a rule keeps its ID when %s changes', (_name, rule) => {
  expect(idOf(rule)).toBe(idOf(A));
});

test.each([
  ['Prefix', { ...A, When: { Prefix: '/x/' } }],
  ['Suffix', { ...A, When: { ...A.When, Suffix: '/a/' } }],
  ['Filter', { ...A, When: { ...A.When, Filter: 'x' } }],
  ['Exclusion', { ...A, When: { ...A.When, Exclusion: 'x' } }],
  ['Dest.Table', { ...A, Dest: { Table: 'd.b' } }],
])('a rule of another %s has another ID', (_name, rule) => {
  expect(idOf(rule)).not.toBe(idOf(A));
});

test('a rule with the key ID keeps its ID under any change', () => {
  expect(read([B, { ID: 'mine', ...A }]).ids[1]).toBe(`${URL}#mine`);
  expect(idOf({ ID: 'mine', ...B })).toBe(`${URL}#mine`);
});

test('two enabled rules with equal When and Dest.Table are numbered, with a warning that names both', () => {
  const { ids, remarks } = read([A, B, A]);
  expect(ids).toEqual([idOf(A), idOf(B), `${idOf(A)}-2`]);
  expect(remarks.map(({ code, path, message }) => [code, path, message])).toEqual([
    [
      'IdMissing',
      '[2]',
      '[2] has the When and Dest.Table of another rule of the file, [0] in line 1: give both of them an ID',
    ],
  ]);
});

test('a disabled twin takes no ID from the enabled rule, and needs none', () => {
  expect(read([{ ...A, Disabled: true }, A])).toEqual({ ids: [`${idOf(A)}-2`, idOf(A)], remarks: [] });
});

test('an ID that looks like the digest of another rule is not given twice', () => {
  const digest = idOf(A)?.slice(URL.length + 1);
  expect(read([A, { ...B, ID: digest }]).ids).toEqual([`${idOf(A)}-2`, idOf(A)]);
});

test('an ID that is given twice is refused, with both places', () => {
  const { ids, remarks } = read([{ ...A, ID: 'x' }, B, { ...B, id: 'x' }]);
  expect(ids).toEqual([]);
  expect(remarks).toEqual([
    expect.objectContaining({
      code: 'IdRepeated',
      path: '[2].id',
      line: 1,
      message: '[2].id x is the ID of another rule of the file already: [0].ID in line 1',
    }),
  ]);
});
