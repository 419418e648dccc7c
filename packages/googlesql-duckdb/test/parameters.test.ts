import type { QueryParameter } from '../src/contract';
import { Fixture, failureOf } from './fixture';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.create();
});

const scalar = (name: string, type: string, value: string | null): QueryParameter => ({
  name,
  parameterType: { type },
  parameterValue: { value },
});

const VALUES: ReadonlyArray<readonly [type: string, value: string | null, shown: unknown]> = [
  ['INT64', '42', '42'],
  ['INT64', null, null],
  ['FLOAT64', '1.5', '1.5'],
  ['FLOAT64', '-inf', '-Infinity'],
  ['NUMERIC', '1.25', '1.25'],
  ['BIGNUMERIC', '1.25', '1.25'],
  ['BOOL', 'true', 'true'],
  ['STRING', "it's \\ \n", "it's \\ \n"],
  ['BYTES', 'aGk=', 'aGk='],
  ['DATE', '2024-01-02', '2024-01-02'],
  ['TIME', '10:00:00.5', '10:00:00.500000'],
  ['DATETIME', '2024-01-02 10:00:00', '2024-01-02T10:00:00'],
  ['TIMESTAMP', '2024-01-02 10:00:00+02:00', '1704182400000000'],
  ['JSON', '{"b": 1}', '{"b":1}'],
];

test.each(VALUES)('a parameter of type %s with the value %j reads as %j', async (type, value, shown) => {
  const { rows, schema } = await fixture.run('SELECT @x AS x', { parameters: [scalar('x', type, value)] });
  expect(rows).toEqual([[shown]]);
  expect(
    schema[0]?.type
      .replace('INTEGER', 'INT64')
      .replace(/^FLOAT$/, 'FLOAT64')
      .replace('BOOLEAN', 'BOOL'),
  ).toBe(type);
});

test('parameters can be arrays and structs', async () => {
  const parameters: QueryParameter[] = [
    {
      name: 'a',
      parameterType: { type: 'ARRAY', arrayType: { type: 'INT64' } },
      parameterValue: { arrayValues: [{ value: '1' }, { value: '2' }] },
    },
    {
      name: 's',
      parameterType: {
        type: 'STRUCT',
        structTypes: [
          { name: 'k', type: { type: 'STRING' } },
          { name: 'v', type: { type: 'DATE' } },
        ],
      },
      parameterValue: { structValues: { k: { value: 'x' }, v: { value: '2024-01-01' } } },
    },
    { name: 'none', parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } }, parameterValue: {} },
  ];
  const { rows } = await fixture.run('SELECT ARRAY_LENGTH(@a), 2 IN UNNEST(@a), @s.k, @s, @none', { parameters });
  expect(rows).toEqual([['2', 'true', 'x', ['x', '2024-01-01'], []]]);
});

test('positional parameters can be at any depth of the query', async () => {
  const parameters: QueryParameter[] = ['7', '8'].map((value) => ({
    parameterType: { type: 'INT64' },
    parameterValue: { value },
  }));
  expect(
    (await fixture.run('SELECT ? + 1, ARRAY(SELECT x FROM UNNEST([7, 8]) x WHERE x = ?)', { parameters })).rows,
  ).toEqual([['8', ['8']]]);
});

test('parameters can be in grouping keys and in LIMIT', async () => {
  const parameters = [scalar('by', 'INT64', '2'), scalar('n', 'INT64', '1')];
  expect(
    (
      await fixture.run(
        'SELECT MOD(x, @by) AS m, COUNT(*) FROM UNNEST([1, 2, 3]) x GROUP BY MOD(x, @by) ORDER BY m LIMIT @n',
        { parameters },
      )
    ).rows,
  ).toEqual([['0', '1']]);
});

test('a parameter fails if its value does not have its type', async () => {
  await expect(failureOf(fixture, 'SELECT @x', { parameters: [scalar('x', 'INT64', 'abc')] })).resolves.toMatchObject({
    reason: 'invalidQuery',
  });
});
