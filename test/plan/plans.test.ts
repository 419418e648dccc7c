import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plan } from './planning';

/**
 * Whole plans, one a file: the rows of the decision table (spec 2, section 2.2), and what stands around them. `PLANS=write`
 * writes them anew, to be read before they are committed.
 */
const FOLDER = join(__dirname, 'golden/plans');

test.each(readdirSync(FOLDER))('%s', (file) => {
  const path = join(FOLDER, file);
  const { about, rule, tables, plan: expected } = JSON.parse(readFileSync(path, 'utf8'));
  const { Dest, ...others } = rule;
  const made = JSON.parse(JSON.stringify(plan({ dest: Dest, rule: others, tables })));
  if (process.env['PLANS'] === 'write') {
    writeFileSync(path, `${JSON.stringify({ about, rule, tables, plan: made }, null, 2)}\n`);
    return;
  }
  expect(made).toEqual(expected);
});
