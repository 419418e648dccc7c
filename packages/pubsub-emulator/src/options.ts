import { z } from 'zod';

/** The options as JSON. */
export const optionsSchema = z.strictObject({ port: z.int().min(0).max(65535).default(0) });

/** What the emulator needs to start. */
export interface PubSubOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
}
