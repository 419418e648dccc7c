import { CALL_ACTIONS, FaultList, faultFields, matchFields } from '@bqtail/emulator-kit';
import { z } from 'zod';
import type { JobFaults } from './jobs/jobs';
import type { ErrorProto } from './resources';

const JOB_ACTIONS = ['slowJob', 'failJob'] as const;
const DELAYS: readonly string[] = ['delay', 'slowJob'];

const faultSchema = z
  .strictObject({
    match: z.strictObject(matchFields).default({}),
    action: z.enum([...CALL_ACTIONS, ...JOB_ACTIONS]),
    reason: z.string().optional(),
    message: z.string().optional(),
    location: z.string().optional(),
    ...faultFields,
  })
  .refine(({ action, delayMs }) => !DELAYS.includes(action) || delayMs !== undefined, {
    path: ['delayMs'],
    error: 'a number of milliseconds',
  });

/** The list of faults as it is set and shown. */
export const faultsSchema = z.array(faultSchema);

/** A fault: what goes wrong, for which calls or jobs, and how often. */
export type Fault = z.infer<typeof faultSchema>;

/** Faults of calls and of jobs. For faults of jobs, `path` matches the job ID. */
export class Faults extends FaultList<Fault> implements JobFaults {
  /** The first fault that matches this call; it is counted as injected. */
  forCall(call: string, method: string, path: string): Fault | undefined {
    const concerns = ({ action, match }: Fault) =>
      action !== 'slowJob' &&
      action !== 'failJob' &&
      (match.call === undefined || match.call === call) &&
      (match.method === undefined || match.method.toUpperCase() === method);
    return this.first(concerns, path);
  }

  /** Milliseconds by which a fault prolongs the job; 0 without a fault. */
  slowJob(jobId: string): number {
    return this.first(({ action }) => action === 'slowJob', jobId)?.delayMs ?? 0;
  }

  /** The error with which a fault ends the job. */
  failJob(jobId: string): ErrorProto | undefined {
    const fault = this.first(({ action }) => action === 'failJob', jobId);
    if (!fault) return undefined;
    const reason = fault.reason ?? 'backendError';
    return { reason, message: fault.message ?? `Injected fault: ${reason}`, location: fault.location };
  }
}
