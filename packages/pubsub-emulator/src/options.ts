import { z } from 'zod';

const optionsSchema = z.strictObject({ port: z.int().min(0).max(65535).default(0) });

/** What the stand-in needs to start. */
export interface PubSubOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
}

/**
 * Reads the options that a parent process gives as one JSON argument.
 *
 * @example parseOptions('{"port":8085}')
 */
export function parseOptions(json: string | undefined): PubSubOptions {
  if (json === undefined) throw new Error('Expected the options as one JSON argument, got none');
  return optionsSchema.parse(JSON.parse(json));
}
