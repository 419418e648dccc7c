import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { F, N, plan } from './planning';
import { summary } from './summary';

/**
 * Examples of plans, one per file: Dest of the rule, the tables, and the expected plan in short form. They were written by hand
 * from the behaviour of viant/bqtail; `differs` describes what is different here.
 */
const FOLDER = join(__dirname, 'golden/examples');
const SCHEMAS = { F, N, absent: {} };

test.each(readdirSync(FOLDER))('the plan of example %s is as written', (file) => {
  const { dest, tables = {}, rule, plan: expected } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  const resources = Object.entries(tables).map(([table, schema]) => [
    table,
    typeof schema === 'string' ? SCHEMAS[schema as keyof typeof SCHEMAS] : schema,
  ]);
  const made = plan({ dest, rule, tables: Object.fromEntries(resources) });
  const { prepare, ...shown } = summary(made);
  expect(expected.prepare ? { prepare, ...shown } : shown).toEqual(expected);
});
