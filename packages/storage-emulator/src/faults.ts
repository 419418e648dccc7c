import { CALL_ACTIONS, FaultList, faultFields, matchFields } from '@bqtail/emulator-kit';
import { z } from 'zod';

const faultSchema = z
  .strictObject({
    match: z.strictObject({ ...matchFields, bucket: z.string().optional() }).default({}),
    action: z.enum(CALL_ACTIONS),
    ...faultFields,
  })
  .refine(({ action, delayMs }) => action !== 'delay' || delayMs !== undefined, {
    path: ['delayMs'],
    error: 'a number of milliseconds',
  });

/** The list of faults as it is set and shown. */
export const faultsSchema = z.array(faultSchema);

/** What goes wrong, with which calls, how often. */
export type Fault = z.infer<typeof faultSchema>;

/** A call as faults see it. */
export interface FaultTarget {
  /** Name of the API's method. */
  readonly call: string;
  readonly method: string;
  /** Path as it was sent, percent-encoded; expressions may be written for it or for the decoded one. */
  readonly path: string;
  readonly buckets: readonly string[];
}

/** Faults of calls. A batch may be struck as a whole, by its own path, and so may each call in it. */
export class Faults extends FaultList<Fault> {
  /** The first fault that strikes this call; it is counted as injected. */
  strike({ call, method, path, buckets }: FaultTarget): Fault | undefined {
    const concerns = ({ match }: Fault) =>
      (match.call === undefined || match.call === call) &&
      (match.method === undefined || match.method.toUpperCase() === method) &&
      (match.bucket === undefined || buckets.includes(match.bucket));
    return this.first(concerns, path, decoded(path));
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
