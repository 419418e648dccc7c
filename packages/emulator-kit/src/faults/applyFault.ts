import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/** The part of a fault that concerns a call. */
export interface CallFault {
  readonly action: string;
  readonly delayMs?: number | undefined;
}

/**
 * Applies a fault to a call. Actions that do not concern calls have no effect.
 *
 * @param handler does the work of the call.
 * @throws the error of `refusal` for the action `status`.
 */
export async function applyFault(
  fault: CallFault,
  env: HttpBindings,
  handler: () => Response | Promise<Response>,
  refusal: () => Error,
): Promise<Response> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  switch (fault.action) {
    case 'status':
      throw refusal();
    case 'drop':
      return dropConnection(env);
    case 'dropAfter': {
      const response = await handler();
      await response.body?.cancel();
      return dropConnection(env);
    }
    default:
      return handler();
  }
}

/** Closes the connection without a response. */
function dropConnection({ incoming }: HttpBindings): Response {
  incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
