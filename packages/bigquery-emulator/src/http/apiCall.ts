import { applyFault } from '@bqtail/emulator-kit';
import { BigQueryError } from '../errors';
import type { Fault } from '../faults';
import type { BigQueryContext, Services } from './context';

type Handler = (context: BigQueryContext) => Response | Promise<Response>;

/** Wraps a handler: counts each call under the API method's name, and injects a fault that matches the call. */
export type ApiCall = (method: string, handler: Handler) => Handler;

/** @example app.get('/projects/:project/jobs', call('jobs.list', (context) => ...)) */
export function apiCall({ counts, faults }: Pick<Services, 'counts' | 'faults'>): ApiCall {
  return (method, handler) => async (context) => {
    counts.add(method, context.req.param('project') ?? '', context.req.param('dataset') ?? '');
    const fault = faults.forCall(method, context.req.method, new URL(context.req.url).pathname);
    return fault === undefined ? handler(context) : withFault(fault, context, handler);
  };
}

function withFault(fault: Fault, context: BigQueryContext, handler: Handler): Promise<Response> {
  const status = fault.status ?? 503;
  return applyFault(
    fault,
    context.env,
    () => handler(context),
    () => new BigQueryError(status, fault.reason ?? reasonOf(status), fault.message ?? `Injected fault: ${status}`),
  );
}

function reasonOf(status: number): string {
  if (status === 429) return 'rateLimitExceeded';
  if (status === 403) return 'quotaExceeded';
  return status === 500 ? 'internalError' : status > 500 ? 'backendError' : 'invalid';
}
