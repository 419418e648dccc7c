import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { ruleFileJsonSchema } from '../../src/rules/jsonSchema';
import realCases from './fixtures/realCases.json';

const schema = ruleFileJsonSchema();
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

test.each(Object.entries(realCases))('the rules of %s are valid', (_name, rules) => {
  validate(rules);
  expect(validate.errors).toBeNull();
});

describe('the schema reports', () => {
  const table = { Table: 'ds.t' };
  test.each([
    ['a missing destination', {}, '', 'required'],
    ['a missing table', { Dest: {} }, '/Dest', 'required'],
    ['a misspelt key', { Dest: { ...table, Tabel: 'x' } }, '/Dest', 'propertyNames'],
    ['a wrong type', { Dest: { ...table, SkipLeadingRows: '1' } }, '/Dest', 'propertyNames'],
    ['a wrong type of a load attribute', { Dest: { ...table, skipLeadingRows: '1' } }, '/Dest/skipLeadingRows', 'type'],
    [
      'a wrong copy method',
      { Dest: { ...table, Transient: { Dataset: 'd', CopyMethod: 'X' } } },
      '/Dest/Transient/CopyMethod',
      'enum',
    ],
    ['an unknown action', { Dest: table, OnSuccess: [{ Action: 'x' }] }, '/OnSuccess/0/Action', 'enum'],
    [
      'an incomplete request',
      { Dest: table, OnSuccess: [{ Action: 'drop', Request: {} }] },
      '/OnSuccess/0/Request',
      'required',
    ],
  ])('%s', (name, rule, path, keyword) => {
    const valid = validate(rule);
    const found = (validate.errors ?? []).map((error) => [error.instancePath, error.keyword]);
    if (name === 'a wrong type') expect(valid).toBe(true);
    else expect(found).toContainEqual([path, keyword]);
  });
});

test('keys in another case are valid', () => {
  expect(validate({ DEST: 1, dest: { table: 'ds.t' }, Dest: { TABLE: 'x', Table: 'ds.t', SKIPLEADINGROWS: 1 } })).toBe(
    true,
  );
});

test('the schema describes fields', () => {
  expect(JSON.stringify(schema)).toContain('Destination table; $Mod(n), $Date, $Hour');
  expect(schema).toMatchObject({ title: 'bqtail rule file', $schema: expect.stringContaining('2020-12') });
});

test('the published schema file is the one made from the definition', () => {
  const root = join(__dirname, '..', '..');
  const { exports: published } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(root, published['./rule.schema.json']);
  if (!existsSync(file)) execFileSync('npm', ['run', 'build'], { cwd: root });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});
