import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  dataDir: z.string().min(1).optional(),
});

/** Options of the emulator. */
export interface PubSubOptions {
  /** Port on 127.0.0.1; 0 chooses a free one. */
  readonly port: number;
  /**
   * Folder that keeps topics, subscriptions and unacknowledged messages; created when absent.
   *
   * @default none: everything is lost when the process ends.
   */
  readonly dataDir?: string;
}
