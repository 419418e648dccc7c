import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  dataDir: z.string().min(1),
  project: z.string().min(1),
  buckets: z.array(z.string()).default([]),
  pubsub: z.string().min(1).optional(),
});

/** Options of the emulator. */
export interface StorageOptions {
  /** Port on 127.0.0.1; 0 chooses a free one. */
  readonly port: number;
  /** Folder of metadata and contents; created when absent. */
  readonly dataDir: string;
  /** Project that owns the buckets created at start. */
  readonly project: string;
  /** Buckets that exist once the emulator listens. */
  readonly buckets: readonly string[];
  /**
   * `host:port` of the Pub/Sub that notifications are published to.
   *
   * @default none: configurations of notifications are refused.
   */
  readonly pubsub?: string;
}
