import { struckCall } from '@bqtail/emulator-kit';
import { statusError } from '../errors';
import type { Fault } from '../faults';
import { param, type Services, type StorageContext } from './context';

type Handler = (c: StorageContext) => Response | Promise<Response>;

/** Makes handlers calls of the API: counted under the name of their method, and open to faults. */
export type ApiCall = (operation: string, handler: Handler) => Handler;

/** Path parameters that name buckets. */
const BUCKET_PARAMETERS = ['bucket', 'destinationBucket'];

/** @example app.get('/b/:bucket/o', apiCall(services)('objects.list', (c) => ...)) */
export function apiCall({ counts, faults }: Pick<Services, 'counts' | 'faults'>): ApiCall {
  return (operation, handler) => async (c) => {
    const buckets = BUCKET_PARAMETERS.filter((name) => c.req.param(name) !== undefined).map((name) => param(c, name));
    if (c.env.batch === undefined) counts.add(operation, buckets);
    else {
      counts.add(`batch.${operation}`, buckets);
      for (const bucket of buckets) c.env.batch.buckets.add(bucket);
    }
    const fault = faults.strike({ call: operation, method: c.req.method, path: c.req.path, buckets });
    return fault === undefined ? handler(c) : withFault(fault, c, handler);
  };
}

/** Lets a fault strike a call. */
export function withFault(fault: Fault, c: StorageContext, handler: Handler): Promise<Response> {
  const status = fault.status ?? 503;
  return struckCall(
    fault,
    c.env,
    () => handler(c),
    () => statusError(status, `Injected fault: ${status}`),
  );
}
