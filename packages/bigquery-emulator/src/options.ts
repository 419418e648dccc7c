import { z } from 'zod';

const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(0),
  dataDir: z.string().min(1),
  project: z.string().min(1),
  storage: z.strictObject({ url: z.string() }).optional(),
});

/** Options of the emulator. */
export interface BigQueryOptions {
  /** Port on 127.0.0.1; 0 for a free one, which the process option defaults to. */
  readonly port: number;
  /** Folder of the database; created if it does not exist. */
  readonly dataDir: string;
  /** Project that exists from the start. */
  readonly project: string;
  /** Endpoint of the Cloud Storage that jobs read and write; without it, Google's. */
  readonly storage?: { readonly url: string };
}

/**
 * Reads the options that a parent process passes as one JSON argument.
 *
 * @throws Error when the argument is missing, not JSON or invalid.
 * @example parseOptions('{"port":0,"dataDir":"/data","project":"p"}')
 */
export function parseOptions(json: string | undefined): BigQueryOptions {
  if (json === undefined) throw new Error('Expected the options as one JSON argument, got none');
  return optionsSchema.parse(JSON.parse(json));
}
