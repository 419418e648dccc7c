import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  pubsub: z.string().optional(),
});

/** What the catcher needs to start. */
export interface CatcherOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** `host:port` of the Pub/Sub emulator whose messages the page shows; absent: none. */
  readonly pubsub?: string | undefined;
}
