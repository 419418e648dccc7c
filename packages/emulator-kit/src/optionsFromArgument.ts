import type { z } from 'zod';
import { problems } from './faults/problems';

/**
 * Reads the options that a parent process passes as one JSON argument.
 *
 * @throws Error that names each invalid option.
 * @example optionsFromArgument(z.strictObject({ port: z.int() }), '{"port":8085}')
 */
export function optionsFromArgument<Options>(schema: z.ZodType<Options>, argument = process.argv[2]): Options {
  if (argument === undefined) throw new Error('Expected the options as one JSON argument, got none');
  const value: unknown = JSON.parse(argument);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(problems(parsed.error, value).join('; '));
}
