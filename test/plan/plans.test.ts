import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plan } from './planning';

/**
 * Whole plans, one per file, for each row of the decision table in golden/README.md. `PLANS=write` updates the files; read the
 * difference before you commit it.
 */
const FOLDER = join(__dirname, 'golden/plans');
const ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

test.each(readdirSync(FOLDER))('the plan %s is as recorded', (file) => {
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

test('each row of the decision table has plans, and the README lists them all', () => {
  const rows = [...readFileSync(join(FOLDER, '../README.md'), 'utf8').matchAll(/^\| (\d) \|.*$/gm)];
  const named = rows.map(([line, row]) => ({
    row: Number(row),
    plans: [...line.matchAll(/`(row-[a-z0-9-]+)`/g)].map(([, name]) => `${name}.json`),
  }));
  expect(named.map(({ row }) => row)).toEqual(ROWS);
  for (const { row, plans } of named) {
    expect(plans).not.toEqual([]);
    for (const plan of plans) expect(plan).toMatch(new RegExp(`^row-${row}-`));
  }
  expect(named.flatMap(({ plans }) => plans).sort()).toEqual(readdirSync(FOLDER).sort());
});
