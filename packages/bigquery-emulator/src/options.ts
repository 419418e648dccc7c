import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  dataDir: z.string().min(1),
  project: z.string().min(1),
  storage: z.strictObject({ url: z.string() }).optional(),
});

/** Options of the emulator. */
export interface BigQueryOptions {
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Folder of the database; created if it does not exist. */
  readonly dataDir: string;
  /** Project that exists from the start. */
  readonly project: string;
  /** Endpoint of the Cloud Storage that jobs read and write; without it, Google's. */
  readonly storage?: { readonly url: string };
}
