import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { BigQueryError } from '../errors';
import type { Fault } from '../faults';
import type { BigQueryContext, Services } from './context';

type Handler = (c: BigQueryContext) => Response | Promise<Response>;

/** Makes handlers calls of the API: counted under the name of their method, and open to faults. */
export type ApiCall = (method: string, handler: Handler) => Handler;

/** @example app.get('/projects/:project/jobs', call('jobs.list', (c) => ...)) */
export function apiCall({ counts, faults }: Pick<Services, 'counts' | 'faults'>): ApiCall {
  return (method, handler) => async (c) => {
    counts.add(method, c.req.param('project') ?? '', c.req.param('dataset') ?? '');
    const fault = faults.strikeCall(c.req.method, new URL(c.req.url).pathname);
    return fault === undefined ? handler(c) : withFault(fault, c, handler);
  };
}

async function withFault(fault: Fault, c: BigQueryContext, handler: Handler): Promise<Response> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  switch (fault.action) {
    case 'status': {
      const status = fault.status ?? 503;
      throw new BigQueryError(status, fault.reason ?? reasonOf(status), fault.message ?? `Injected fault: ${status}`);
    }
    case 'drop':
      return dropConnection(c);
    case 'dropAfter': {
      const response = await handler(c);
      await response.body?.cancel();
      return dropConnection(c);
    }
    default:
      return handler(c);
  }
}

function reasonOf(status: number): string {
  if (status === 429) return 'rateLimitExceeded';
  if (status === 403) return 'quotaExceeded';
  return status === 500 ? 'internalError' : status > 500 ? 'backendError' : 'invalid';
}

/** Ends the connection without an answer. */
function dropConnection(c: BigQueryContext): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
