import { z } from 'zod';
import { readYaml } from './caseTexts';
import { checked } from './testCase';

const settings = z.strictObject({
  description: z.string().optional(),
  /** Rule files elsewhere, by their path from the case. */
  rules: z.array(z.string()).default([]),
  /** Texts to replace in rules, such as names of production buckets and projects. */
  replace: z.record(z.string(), z.string()).default({}),
  datasets: z.array(z.string()).default([]),
  /** Order and time of uploads; other files come first. */
  uploads: z
    .array(z.strictObject({ path: z.string(), afterMs: z.number().int().nonnegative().optional() }))
    .default([]),
  /** Whether placeholders in data files are expanded. */
  expand: z.boolean().default(false),
  fails: z.union([z.string().transform((type) => [type]), z.array(z.string())]).default([]),
  timeoutSec: z.number().positive().optional(),
  waitUntilDue: z.boolean().default(false),
  config: z.record(z.string(), z.unknown()).default({}),
});

/** The content of `case.yaml`. */
export type CaseSettings = z.infer<typeof settings>;

/** The settings of a case without `case.yaml`. */
export const DEFAULT_SETTINGS: CaseSettings = settings.parse({});

/** Reads a `case.yaml`. @throws CommandError with all problems of the file. */
export async function readSettings(file: string): Promise<CaseSettings> {
  return checked(settings, (await readYaml(file)) ?? {}, file);
}
