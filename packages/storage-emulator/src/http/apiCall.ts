import { applyFault } from '@bqtail/emulator-kit';
import { statusError } from '../errors';
import type { Fault } from '../faults';
import { param, type Services, type StorageContext } from './context';

type Handler = (context: StorageContext) => Response | Promise<Response>;

/** Makes a handler a call of the API: it is counted under the name of its method, and faults can strike it. */
export type ApiCall = (operation: string, handler: Handler) => Handler;

/** Path parameters that name a bucket. */
const BUCKET_PARAMETERS = ['bucket', 'destinationBucket'];

/** @example app.get('/b/:bucket/o', apiCall(services)('objects.list', (context) => ...)) */
export function apiCall({ counts, faults }: Pick<Services, 'counts' | 'faults'>): ApiCall {
  return (operation, handler) => async (context) => {
    const buckets = BUCKET_PARAMETERS.filter((name) => context.req.param(name) !== undefined).map((name) =>
      param(context, name),
    );
    if (context.env.batch === undefined) counts.add(operation, buckets);
    else {
      counts.add(`batch.${operation}`, buckets);
      for (const bucket of buckets) context.env.batch.buckets.add(bucket);
    }
    const fault = faults.strike({ call: operation, method: context.req.method, path: context.req.path, buckets });
    return fault === undefined ? handler(context) : withFault(fault, context, handler);
  };
}

/** Lets a fault strike a call. */
export function withFault(fault: Fault, context: StorageContext, handler: Handler): Promise<Response> {
  const status = fault.status ?? 503;
  return applyFault(
    fault,
    context.env,
    () => handler(context),
    () => statusError(status, `Injected fault: ${status}`),
  );
}
