import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/** What the fault does to a call; actions that concern no calls do nothing. */
export interface StrikingFault {
  readonly action: string;
  readonly delayMs?: number | undefined;
}

/**
 * Lets a fault strike a call.
 *
 * @param handler does the work of the call.
 * @throws what `refusal` makes, for the action `status`.
 */
export async function struckCall(
  fault: StrikingFault,
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

/** Ends the connection without an answer. */
function dropConnection({ incoming }: HttpBindings): Response {
  incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
