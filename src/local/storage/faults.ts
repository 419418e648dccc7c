import { z } from 'zod';

/** Longest delay, so that a forgotten fault does not look like a dead process. */
const MAX_DELAY_MS = 600_000;

const faultSchema = z
  .strictObject({
    match: z
      .strictObject({ method: z.string().optional(), path: z.string().optional(), bucket: z.string().optional() })
      .default({}),
    action: z.enum(['status', 'drop', 'dropAfter', 'delay']),
    status: z.int().min(400).max(599).optional(),
    delayMs: z.int().min(0).max(MAX_DELAY_MS).optional(),
    times: z.int().min(1).optional(),
    probability: z.number().min(0).max(1).optional(),
    seed: z.int().optional(),
  })
  .refine(
    ({ match }) => match.path === undefined || isExpression(match.path),
    'match.path: expected a regular expression',
  );

/** The list of faults as it is set and shown. */
export const faultsSchema = z.array(faultSchema);

/** What goes wrong, with which calls, how often. */
export type Fault = z.infer<typeof faultSchema>;

/** A call as faults see it. */
export interface FaultTarget {
  readonly method: string;
  /** Path as it was sent, percent-encoded; expressions may be written for it or for the decoded one. */
  readonly path: string;
  readonly buckets: readonly string[];
}

interface Armed {
  readonly fault: Fault;
  readonly path: RegExp | undefined;
  readonly random: () => number;
  injected: number;
}

/**
 * The faults that are asked for, and how often each was injected. A batch may be struck as a whole, by its own path, and so
 * may each call in it.
 */
export class Faults {
  #armed: Armed[] = [];

  set(faults: readonly Fault[]): void {
    this.#armed = faults.map((fault) => ({
      fault,
      path: fault.match.path === undefined ? undefined : new RegExp(fault.match.path),
      random: generator(fault.seed ?? 1),
      injected: 0,
    }));
  }

  list(): object[] {
    return this.#armed.map(({ fault, injected }) => ({ ...fault, injected }));
  }

  /** The first fault that strikes this call; it is counted as injected. */
  strike(target: FaultTarget): Fault | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (!concerns(armed, target) || armed.injected >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (armed.random() >= (fault.probability ?? 1)) continue;
      armed.injected++;
      return fault;
    }
    return undefined;
  }
}

function concerns({ fault, path }: Armed, target: FaultTarget): boolean {
  const { method, bucket } = fault.match;
  if (method !== undefined && method.toUpperCase() !== target.method) return false;
  if (bucket !== undefined && !target.buckets.includes(bucket)) return false;
  return path === undefined || path.test(target.path) || path.test(decoded(target.path));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32), so that a run with faults can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
