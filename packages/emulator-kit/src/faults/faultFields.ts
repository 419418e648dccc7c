import { z } from 'zod';

/** Longest delay. A forgotten fault should not look like a dead process. */
const MAX_DELAY_MS = 600_000;

/** What a fault does to a call. `dropAfter` does the work and loses the response. */
export const CALL_ACTIONS = ['status', 'drop', 'dropAfter', 'delay'] as const;

/** Conditions on the calls that a fault strikes; all given ones must hold. */
export const matchFields = {
  /** Name of the API method, as in the call counts, for example `jobs.insert`. */
  call: z.string().optional(),
  /** HTTP method, in any case. */
  method: z.string().optional(),
  /** Regular expression that is searched in the path. */
  path: z.string().refine(isExpression, { error: 'a regular expression' }).optional(),
};

/** Fields of a fault besides `match` and `action`, for all emulators. */
export const faultFields = {
  /** HTTP status of the action `status`. @default 503 */
  status: z.int().min(400).max(599).optional(),
  /** Milliseconds to wait before the action. */
  delayMs: z.int().min(0).max(MAX_DELAY_MS).optional(),
  /** Greatest number of calls that the fault strikes. @default no limit */
  times: z.int().min(1).optional(),
  /** Chance that the fault strikes a matching call. @default 1 */
  probability: z.number().min(0).max(1).optional(),
  /** Seed of the chance: runs with the same seed strike the same calls. @default 1 */
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
