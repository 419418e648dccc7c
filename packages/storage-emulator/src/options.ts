import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  dataDir: z.string().min(1),
  project: z.string().min(1),
  buckets: z.array(z.string()).default([]),
});

/** What the emulator needs to start. */
export interface StorageOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder of metadata and contents; made when absent. */
  readonly dataDir: string;
  /** Project that owns the buckets made at start. */
  readonly project: string;
  /** Buckets that exist once it is ready. */
  readonly buckets: readonly string[];
}
