import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { EmulatorPair } from './emulatorPair';
import { csvRows, manyFiles, memoryOverJobs, nestedRows } from './loads';
import type { Measurement } from './measurement';
import { largeUpload, longListing, racingWriters } from './objects';

const OPTIONS = {
  gigabytes: { type: 'string', default: '5' },
  objects: { type: 'string', default: '100000' },
  output: { type: 'string', default: 'text' },
} as const;

/**
 * `npm run bench:local`: measures time and memory of the Cloud Storage and BigQuery emulators.
 *
 * @example npm run bench:local -- --gigabytes 1 --objects 10000
 */
async function bench(): Promise<void> {
  const { values: options } = parseArgs({ options: OPTIONS });
  const gigabytes = positive('--gigabytes', options.gigabytes);
  const objects = positive('--objects', options.objects);
  const pair = await EmulatorPair.start();
  const { storage, bigquery } = pair.startUp;
  const measured: Measurement[] = [
    { name: 'start-up, storage, then BigQuery', value: `${inSeconds(storage)}, ${inSeconds(bigquery)}`, aim: '< 3 s' },
  ];
  try {
    const steps: readonly (() => Promise<Measurement | Measurement[]>)[] = [
      () => manyFiles(pair),
      () => nestedRows(pair),
      () => csvRows(pair),
      () => memoryOverJobs(pair),
      () => largeUpload(pair, gigabytes),
      () => longListing(pair, objects),
      () => racingWriters(pair),
    ];
    for (const step of steps) {
      for (const measurement of [await step()].flat()) {
        process.stderr.write(`bench: ${measurement.name}: ${measurement.value}\n`);
        measured.push(measurement);
      }
    }
  } finally {
    await pair.stop();
  }
  process.stdout.write(options.output === 'json' ? `${JSON.stringify(measured)}\n` : `${table(measured)}\n`);
}

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

function table(measured: readonly Measurement[]): string {
  const drawn = new Table({ head: ['', 'measured', 'aim'], style: { head: [], border: [] } });
  for (const { name, value, aim } of measured) drawn.push([name, value, aim]);
  return drawn.toString();
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option}: expected a whole number from 1, got ${text}`);
}

bench().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
