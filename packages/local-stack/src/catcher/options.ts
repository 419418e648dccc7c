import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  pubsub: z.string().optional(),
});

/** Options of the catcher. */
export interface CatcherOptions {
  /** Port on 127.0.0.1; 0 chooses a free one. */
  readonly port: number;
  /** `host:port` of the Pub/Sub emulator whose messages the page shows. @default none */
  readonly pubsub?: string | undefined;
}
