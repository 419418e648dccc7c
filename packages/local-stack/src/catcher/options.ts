import { z } from 'zod';

const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  pubsub: z.string().optional(),
});

/** What the catcher needs to start. */
export interface CatcherOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** `host:port` of the Pub/Sub stand-in whose messages the page shows; absent: none. */
  readonly pubsub?: string | undefined;
}

/**
 * Reads the options that a parent process gives as one JSON argument.
 *
 * @example parseOptions('{"port":8090,"pubsub":"127.0.0.1:8085"}')
 */
export function parseOptions(json: string | undefined): CatcherOptions {
  if (json === undefined) throw new Error('Expected the options as one JSON argument, got none');
  return optionsSchema.parse(JSON.parse(json));
}
