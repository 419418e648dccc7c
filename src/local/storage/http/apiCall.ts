import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
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
    const fault = faults.strike({ method: c.req.method, path: c.req.path, buckets });
    return fault === undefined ? handler(c) : withFault(fault, c, handler);
  };
}

/** Lets a fault strike a call. */
export async function withFault(fault: Fault, c: StorageContext, handler: Handler): Promise<Response> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  switch (fault.action) {
    case 'status': {
      const status = fault.status ?? 503;
      throw statusError(status, `Injected fault: ${status}`);
    }
    case 'drop':
      return dropConnection(c);
    case 'dropAfter': {
      const response = await handler(c);
      await response.body?.cancel();
      return dropConnection(c);
    }
    case 'delay':
      return handler(c);
  }
}

/** Ends the connection without an answer. */
function dropConnection(c: StorageContext): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
