import type { Random } from './random';
import type { Tally } from './tally';

interface Listed {
  readonly action: string;
  readonly injected: number;
  readonly status?: number;
  readonly reason?: string;
  readonly match: { readonly path?: string; readonly method?: string };
}

/** Faults of storage. Uploads of data files get none, because the product does not make them. */
function storageFaults(random: Random, opsBucket: string): object[] {
  const seed = () => random.between(1, 1e9);
  const ops = { bucket: opsBucket };
  const batch = { path: '^/batch/' };
  return [
    { match: ops, action: 'status', status: 503, probability: 0.03, seed: seed() },
    { match: ops, action: 'status', status: 429, probability: 0.02, seed: seed() },
    { match: ops, action: 'drop', probability: 0.02, seed: seed() },
    { match: ops, action: 'dropAfter', probability: 0.03, seed: seed() },
    { match: ops, action: 'delay', delayMs: 800, probability: 0.03, seed: seed() },
    { match: batch, action: 'status', status: 503, probability: 0.05, seed: seed() },
    { match: batch, action: 'dropAfter', probability: 0.07, seed: seed() },
  ];
}

/** Faults of BigQuery, in calls and in jobs. */
function bigQueryFaults(random: Random): object[] {
  const seed = () => random.between(1, 1e9);
  const insert = { method: 'POST', path: '/jobs' };
  return [
    { match: insert, action: 'status', status: 503, probability: 0.05, seed: seed() },
    { match: insert, action: 'drop', probability: 0.04, seed: seed() },
    { match: insert, action: 'dropAfter', probability: 0.15, seed: seed() },
    { match: { method: 'GET' }, action: 'status', status: 500, probability: 0.02, seed: seed() },
    { match: { method: 'GET' }, action: 'drop', probability: 0.02, seed: seed() },
    { match: { method: 'DELETE' }, action: 'dropAfter', probability: 0.1, seed: seed() },
    { match: { path: '--(dispatch|tail)' }, action: 'slowJob', delayMs: 2500, probability: 0.25, seed: seed() },
    {
      match: { path: '--(dispatch|tail)' },
      action: 'failJob',
      reason: 'backendError',
      probability: 0.06,
      seed: seed(),
    },
  ];
}

/** The faults of both emulators. */
export class ServiceFaults {
  constructor(
    private readonly storage: string,
    private readonly bigQuery: string,
  ) {}

  async set(random: Random, opsBucket: string): Promise<void> {
    await put(this.storage, storageFaults(random, opsBucket));
    await put(this.bigQuery, bigQueryFaults(random));
  }

  /** Ends the faults, and counts how often each one occurred. */
  async end(tally: Tally): Promise<void> {
    for (const [name, url] of [
      ['storage', this.storage],
      ['BigQuery', this.bigQuery],
    ] as const) {
      const listed = (await (await fetch(`${url}/_local/faults`)).json()) as Listed[];
      for (const { action, status, reason, injected } of listed) {
        tally.add(
          `${name}: ${WORDS[action] ?? action}${status ? ` ${status}` : ''}${reason ? ` ${reason}` : ''}`,
          injected,
        );
      }
      await put(url, []);
    }
  }
}

const WORDS: Readonly<Record<string, string>> = {
  drop: 'connection dropped',
  dropAfter: 'done, but the answer was lost',
  status: 'status',
  delay: 'slow answer',
  slowJob: 'slow job',
  failJob: 'job broken off',
};

async function put(url: string, faults: readonly object[]): Promise<void> {
  const answer = await fetch(`${url}/_local/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  if (!answer.ok) throw new Error(`faults of ${url}: ${answer.status} ${await answer.text()}`);
}
