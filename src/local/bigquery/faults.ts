import { z } from 'zod';
import type { JobFaults } from './jobs/jobs';
import type { ErrorProto } from './resources';

/** Longest delay, so that a forgotten fault does not look like a dead process. */
const MAX_DELAY_MS = 600_000;

const faultSchema = z
  .strictObject({
    match: z.strictObject({ method: z.string().optional(), path: z.string().optional() }).default({}),
    action: z.enum(['status', 'drop', 'dropAfter', 'delay', 'slowJob', 'failJob']),
    status: z.int().min(400).max(599).optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
    location: z.string().optional(),
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

/** What goes wrong, with which calls or jobs, how often. */
export type Fault = z.infer<typeof faultSchema>;

interface Armed {
  readonly fault: Fault;
  readonly path: RegExp | undefined;
  readonly random: () => number;
  injected: number;
}

/** The faults that are asked for, and how often each was injected. Faults of jobs match the job's ID by `path`. */
export class Faults implements JobFaults {
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
  strikeCall(method: string, path: string): Fault | undefined {
    return this.#strike(
      ({ action, match }) =>
        action !== 'slowJob' &&
        action !== 'failJob' &&
        (match.method === undefined || match.method.toUpperCase() === method),
      path,
    );
  }

  slowJob(jobId: string): number {
    return this.#strike(({ action }) => action === 'slowJob', jobId)?.delayMs ?? 0;
  }

  failJob(jobId: string): ErrorProto | undefined {
    const fault = this.#strike(({ action }) => action === 'failJob', jobId);
    if (!fault) return undefined;
    const reason = fault.reason ?? 'backendError';
    const where = fault.location ? { location: fault.location } : {};
    return { reason, message: fault.message ?? `Injected fault: ${reason}`, ...where };
  }

  #strike(concerns: (fault: Fault) => boolean, subject: string): Fault | undefined {
    for (const armed of this.#armed) {
      if (!concerns(armed.fault) || armed.path?.test(subject) === false) continue;
      if (armed.injected >= (armed.fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (armed.random() >= (armed.fault.probability ?? 1)) continue;
      armed.injected++;
      return armed.fault;
    }
    return undefined;
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
