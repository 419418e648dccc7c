import { z } from 'zod';

const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  dataDir: z.string().min(1),
  project: z.string().min(1),
  storage: z.strictObject({ url: z.string() }).optional(),
});

/** What the stand-in needs to start. */
export interface BigQueryOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder of the database; made when absent. */
  readonly dataDir: string;
  /** Project that exists from the start. */
  readonly project: string;
  /** Cloud Storage that jobs read and write; absent, Google's. */
  readonly storage?: { readonly url: string };
}

/**
 * Reads the options that a parent process gives as one JSON argument.
 *
 * @example parseOptions('{"port":0,"dataDir":"/data","project":"p"}')
 */
export function parseOptions(json: string | undefined): BigQueryOptions {
  if (json === undefined) throw new Error('Expected the options as one JSON argument, got none');
  const { storage, ...options } = optionsSchema.parse(JSON.parse(json));
  return storage ? { ...options, storage } : options;
}
