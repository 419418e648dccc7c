import { parseArgs } from 'node:util';
import { run } from './run';

const OPTIONS = {
  seed: { type: 'string' },
  minutes: { type: 'string', default: '2' },
  /** Hidden: safeguards to switch off, `ledger` or `adoption`, to show that the run fails without them. */
  without: { type: 'string', default: '' },
  output: { type: 'string', default: 'text' },
} as const;

/**
 * `npm run chaos`: runs the whole local stack with random faults and kills, then compares every row.
 *
 * @example npm run chaos -- --seed 7 --minutes 10
 */
async function chaos(): Promise<boolean> {
  const { values: options } = parseArgs({ options: OPTIONS });
  const seed = options.seed === undefined ? Math.floor(Math.random() * 1e6) : whole('--seed', options.seed);
  const minutes = Number(options.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got ${options.minutes}`);
  const report = await run({
    seed,
    minutes,
    without: options.without,
    say: (line) => process.stderr.write(`chaos: ${line}\n`),
  });
  const good = report.problems.length === 0;
  if (options.output === 'json') process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const faults = Object.entries(report.faults).map(([kind, count]) => `  ${String(count).padStart(5)}  ${kind}`);
    const { files, rows, broken } = report;
    process.stdout.write(
      [
        `seed ${seed}, ${minutes} min: ${files} files, ${broken} of them broken, ${rows} rows to arrive`,
        ...faults,
        ...report.problems.map((problem) => `PROBLEM ${problem}`),
        good ? 'PASS: every row once, nothing left behind' : 'FAIL',
        '',
      ].join('\n'),
    );
  }
  return good;
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`${option}: expected a whole number from 0, got ${text}`);
}

chaos().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`chaos: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
