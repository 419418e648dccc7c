import Table from 'cli-table3';
import type { Round } from './round';

interface Measure {
  readonly name: string;
  readonly of: (round: Round) => number;
  readonly show: (value: number) => string;
  readonly original: string;
  readonly aim: string;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const whole = (count: number) => String(Math.round(count));
const fraction = (count: number) => count.toFixed(3);

const MEASURES: readonly Measure[] = [
  { name: 'due → load job submitted', of: (r) => r.dueToSubmitted, show: seconds, original: '8.5 s', aim: '< 0.3 s' },
  { name: 'job done → files deleted', of: (r) => r.doneToDeleted, show: seconds, original: '2.5 s', aim: '< 0.2 s' },
  {
    name: 'storage operations per window, besides the deletes of its files',
    of: (r) => r.storageOperations,
    show: whole,
    original: '24 + 4 per file',
    aim: '< 10, none per file',
  },
  {
    name: 'storage requests per window, a batch of deletes is one',
    of: (r) => r.storageRequests,
    show: whole,
    original: '',
    aim: '',
  },
  { name: 'BigQuery calls per window', of: (r) => r.bigQueryCalls, show: whole, original: '15', aim: 'few' },
  { name: 'signals per file', of: (r) => r.signals / r.files, show: fraction, original: '', aim: '' },
  { name: 'history, events', of: (r) => r.historyEvents, show: whole, original: '', aim: '' },
  { name: 'history, kB', of: (r) => r.historyBytes / 1000, show: whole, original: '', aim: '' },
  { name: 'load job, in the stand-in', of: (r) => r.jobTook, show: seconds, original: '', aim: '' },
  { name: 'due → files deleted', of: (r) => r.dueToDeleted, show: seconds, original: '', aim: '' },
];

/** Median, with the least and the greatest where they differ. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [least = 0] = sorted;
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  const range = [show(least), show(sorted.at(-1) ?? 0)];
  return range[0] === range[1] ? show(median) : `${show(median)} (${range.join('–')})`;
}

/** The rounds as a table, a column a number of files. */
export function table(rounds: readonly Round[]): string {
  const sizes = [...new Set(rounds.map(({ files }) => files))];
  const heads = sizes.map((files) => `${files.toLocaleString('en')} files`);
  const drawn = new Table({ head: ['', ...heads, 'original', 'aim'], style: { head: [], border: [] }, wordWrap: true });
  for (const { name, of, show, original, aim } of MEASURES) {
    const cells = sizes.map((size) => spread(rounds.filter(({ files }) => files === size).map(of), show));
    drawn.push([name, ...cells, original, aim]);
  }
  return drawn.toString();
}

/** Where the time of one round went from due on, and which calls it made. */
export function trace({ files, spans, storage, bigQuery, signals }: Round): string {
  const drawn = new Table({
    head: ['', 'scheduled', 'waited', 'ran', 'completed'],
    style: { head: [], border: [] },
  });
  for (const { name, scheduled, started, completed } of spans) {
    if (completed < 0) continue;
    const ms = [scheduled, started - scheduled, completed - started, completed];
    drawn.push([name, ...ms.map((value) => `${Math.round(value)} ms`)]);
  }
  return [
    `${files} files, the last round, times from due; ${signals} signals`,
    drawn.toString(),
    `storage: ${list(storage.calls)} (with the ${files} uploads)`,
    `BigQuery: ${list(bigQuery.calls)}`,
  ].join('\n');
}

function list(calls: Readonly<Record<string, number>>): string {
  return Object.entries(calls)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
