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

/** The list of faults in the form of `/_local/faults`. */
export const faultsSchema = z.array(faultSchema);

/** A fault: which calls it strikes, how, and how often. */
export type Fault = z.infer<typeof faultSchema>;

/** The call that faults are matched against. */
export interface FaultTarget {
  /** Name of the API method. */
  readonly call: string;
  readonly method: string;
  /** Percent-encoded path of the request. A fault may match it or the decoded path. */
  readonly path: string;
  readonly buckets: readonly string[];
}

/** Faults of calls. They strike a batch as a whole, by its own path, and each call in it. */
export class Faults extends FaultList<Fault> {
  /** The first fault that strikes this call; it is counted as injected. */
  strike({ call, method, path, buckets }: FaultTarget): Fault | undefined {
    const matches = ({ match }: Fault) =>
      (match.call === undefined || match.call === call) &&
      (match.method === undefined || match.method.toUpperCase() === method) &&
      (match.bucket === undefined || buckets.includes(match.bucket));
    return this.first(matches, path, decoded(path));
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
