import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { F, N, plan } from './planning';
import { summary } from './summary';

/**
 * The worked examples of spec 2, section 2.6, one a file: Dest of the rule, tables, and the plan that must come of them.
 * Written by hand from the spec; where its section 7 says 'do instead', `differs` tells what is otherwise here.
 */
const FOLDER = join(__dirname, 'golden/examples');
const SCHEMAS = { F, N, absent: {} };

test.each(readdirSync(FOLDER))('%s', (file) => {
  const { dest, tables = {}, rule, plan: expected } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  const resources = Object.entries(tables).map(([table, schema]) => [
    table,
    typeof schema === 'string' ? SCHEMAS[schema as keyof typeof SCHEMAS] : schema,
  ]);
  const made = plan({ dest, rule, tables: Object.fromEntries(resources) });
  const { prepare, ...shown } = summary(made);
  expect(expected.prepare ? { prepare, ...shown } : shown).toEqual(expected);
});
