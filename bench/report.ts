import Table from 'cli-table3';
import type { Round } from './round';

/** A row of the report. */
interface Measure {
  readonly name: string;
  readonly of: (round: Round) => number;
  readonly show: (value: number) => string;
  /** Value of viant/bqtail. */
  readonly reference: string;
  readonly aim: string;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const whole = (count: number) => String(Math.round(count));
const fraction = (count: number) => count.toFixed(3);

const MEASURES: readonly Measure[] = [
  { name: 'due → load job submitted', of: (r) => r.dueToSubmitted, show: seconds, reference: '8.5 s', aim: '< 0.3 s' },
  { name: 'job done → files deleted', of: (r) => r.doneToDeleted, show: seconds, reference: '2.5 s', aim: '< 0.2 s' },
  {
    name: 'storage operations per window, without deletes of its files',
    of: (r) => r.storageOperations,
    show: whole,
    reference: '24 + 4 per file',
    aim: '< 10, none per file',
  },
  {
    name: 'storage requests per window, a batch request counts once',
    of: (r) => r.storageRequests,
    show: whole,
    reference: '',
    aim: '',
  },
  { name: 'BigQuery calls per window', of: (r) => r.bigQueryCalls, show: whole, reference: '15', aim: 'few' },
  { name: 'signals per file', of: (r) => r.signals / r.files, show: fraction, reference: '', aim: '' },
  { name: 'history events', of: (r) => r.historyEvents, show: whole, reference: '', aim: '' },
  { name: 'history size, kB', of: (r) => r.historyBytes / 1000, show: whole, reference: '', aim: '' },
  { name: 'load job in the emulator', of: (r) => r.jobTook, show: seconds, reference: '', aim: '' },
  { name: 'due → files deleted', of: (r) => r.dueToDeleted, show: seconds, reference: '', aim: '' },
];

/** The median, with minimum and maximum when they differ. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [min = 0] = sorted;
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  const range = [show(min), show(sorted.at(-1) ?? 0)];
  return range[0] === range[1] ? show(median) : `${show(median)} (${range.join('–')})`;
}

/** The rounds as a table, with one column per number of files. */
export function table(rounds: readonly Round[]): string {
  const sizes = [...new Set(rounds.map(({ files }) => files))];
  const heads = sizes.map((files) => `${files.toLocaleString('en')} files`);
  const drawn = new Table({
    head: ['', ...heads, 'viant/bqtail', 'aim'],
    style: { head: [], border: [] },
    wordWrap: true,
  });
  for (const { name, of, show, reference, aim } of MEASURES) {
    const cells = sizes.map((size) => spread(rounds.filter(({ files }) => files === size).map(of), show));
    drawn.push([name, ...cells, reference, aim]);
  }
  return drawn.toString();
}

/** The timeline of one round from due on, and its calls. */
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
    `${files} files, last round, times since due; ${signals} signals`,
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
