import { z } from 'zod';

/** Longest delay, so that a forgotten fault does not look like a dead process. */
const MAX_DELAY_MS = 600_000;

/** What may go wrong with a call. `dropAfter` does the work and loses the answer. */
export const CALL_ACTIONS = ['status', 'drop', 'dropAfter', 'delay'] as const;

/** How a fault names the calls that it strikes; all that are given must hold. */
export const matchFields = {
  /** Name of the API's method as the counts have it, for example `jobs.insert`. */
  call: z.string().optional(),
  /** HTTP method, in any case. */
  method: z.string().optional(),
  /** Regular expression, looked for in the path. */
  path: z.string().refine(isExpression, { error: 'a regular expression' }).optional(),
};

/** What faults of both stand-ins say besides `match` and `action`. */
export const faultFields = {
  /** Status answered by the action `status`; 503 when absent. */
  status: z.int().min(400).max(599).optional(),
  /** Milliseconds that pass before the action. */
  delayMs: z.int().min(0).max(MAX_DELAY_MS).optional(),
  /** How often it strikes at the most; no limit when absent. */
  times: z.int().min(1).optional(),
  /** Chance that it strikes a call that it matches; 1 when absent. */
  probability: z.number().min(0).max(1).optional(),
  /** Runs with the same seed strike the same calls. */
  seed: z.int().optional(),
};

function isExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
