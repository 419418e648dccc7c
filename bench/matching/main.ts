import { performance } from 'node:perf_hooks';
import Table from 'cli-table3';
import { RuleSet } from '../../src/rules/ruleSet';

const SIZES = [10, 1000, 10_000];
const EVENTS = 20_000;
const ROUNDS = 5;
/** Kinds of rules: by prefix, by suffix, by a filter alone, and by a prefix that many rules share. */
const KINDS = 4;

/**
 * `npm run bench:matching`: measures the cost of an event with 10, 1,000 and 10,000 rules, in microseconds and relative to 10
 * rules. The fastest round counts, because other load on the machine only adds time.
 */
function bench(): void {
  const rows = SIZES.map((size) => ({ size, ...measured(size) }));
  const [first] = rows;
  const table = new Table({
    head: ['rules', 'µs per event', 'ratio', 'µs per event without a rule', 'ratio'],
    style: { head: [], border: [] },
  });
  for (const { size, hit, miss } of rows) {
    const ratio = (value: number, base = Number.NaN) => `${(value / base).toFixed(2)}x`;
    table.push([size, hit.toFixed(2), ratio(hit, first?.hit), miss.toFixed(2), ratio(miss, first?.miss)]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

function measured(size: number): { hit: number; miss: number } {
  const text = JSON.stringify(Array.from({ length: size }, (_item, at) => ruleOf(at)));
  const rules = RuleSet.empty.with('gs://c/Rules/all.json', text);
  if (rules.problems.length > 0) throw new Error(rules.problems[0]?.message);
  const hits = Array.from({ length: EVENTS }, (_item, at) => urlOf((at * 7919) % size));
  const misses = hits.map((_url, at) => `gs://trigger/elsewhere/${at}/file.json`);
  return { hit: best(rules, hits, 'matched'), miss: best(rules, misses, 'noMatch') };
}

/** Microseconds per event, of the fastest round. @throws Error when an event is matched wrongly. */
function best(rules: RuleSet, urls: readonly string[], status: string): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    for (const url of urls) {
      const match = rules.match(url);
      if (match.status !== status) throw new Error(`${url}: ${match.status}, expected ${status}`);
    }
    return ((performance.now() - startedAt) * 1000) / urls.length;
  });
  return Math.min(...times);
}

function ruleOf(at: number): object {
  const Dest = { Table: `ds.t_${at}` };
  if (at % KINDS === 0) return { When: { Prefix: `/data/team${at}/`, Suffix: '.json' }, Dest };
  if (at % KINDS === 1) return { When: { Suffix: `_${at}.csv` }, Dest };
  if (at % KINDS === 2) return { When: { Filter: `/feed${at}/\\d{4}/` }, Dest };
  return { When: { Prefix: '/shared/', Filter: `/source${at}/`, Exclusion: 'tmp' }, Dest };
}

function urlOf(at: number): string {
  if (at % KINDS === 0) return `gs://trigger/data/team${at}/2026/01/02/part-00001.json`;
  if (at % KINDS === 1) return `gs://trigger/export/2026/01/02/part_${at}.csv`;
  if (at % KINDS === 2) return `gs://trigger/in/feed${at}/2026/part-00001.avro`;
  return `gs://trigger/shared/2026/source${at}/part-00001.json`;
}

bench();
