import type { Context } from 'hono';
import type { z } from 'zod';
import { invalidArgument } from '../brokerError';
import { checked } from '../checked';

/** `projects/<project>` of the path. */
export function projectOf(context: Context): string {
  return `projects/${context.req.param('project')}`;
}

/** Full name of the topic in the path. */
export function topicOf(context: Context): string {
  return `${projectOf(context)}/topics/${withoutMethod(context.req.param('topic'))}`;
}

/** Full name of the subscription in the path. */
export function subscriptionOf(context: Context): string {
  return `${projectOf(context)}/subscriptions/${withoutMethod(context.req.param('subscription'))}`;
}

/**
 * The checked JSON body of a request. An empty body is an empty object.
 *
 * @throws BrokerError INVALID_ARGUMENT
 */
export async function bodyOf<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.infer<Schema>> {
  return checked(schema, parsed((await context.req.text()) || '{}'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidArgument('The body of the request is not JSON.');
  }
}

/** The name in `<name>:<method>`. */
function withoutMethod(segment = ''): string {
  return segment.split(':')[0] ?? segment;
}
