import { z } from 'zod';
import { invalidArgument } from './brokerError';

/**
 * Checks data from a request.
 *
 * @throws BrokerError INVALID_ARGUMENT that names each problem.
 */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidArgument(z.prettifyError(parsed.error));
}
