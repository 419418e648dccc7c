import { z } from 'zod';
import { readYaml } from './caseTexts';
import { checked } from './testCase';

const settings = z.strictObject({
  description: z.string().optional(),
  /** Rule files elsewhere, by path from the case. */
  rules: z.array(z.string()).default([]),
  /** Texts in rules that are replaced, such as names of production's buckets and projects. */
  replace: z.record(z.string(), z.string()).default({}),
  datasets: z.array(z.string()).default([]),
  /** Order and time of uploads; files that are not named come first. */
  uploads: z
    .array(z.strictObject({ path: z.string(), afterMs: z.number().int().nonnegative().optional() }))
    .default([]),
  /** Placeholders in data files are put in. */
  expand: z.boolean().default(false),
  fails: z.union([z.string().transform((type) => [type]), z.array(z.string())]).default([]),
  timeoutSec: z.number().positive().optional(),
  waitUntilDue: z.boolean().default(false),
  config: z.record(z.string(), z.unknown()).default({}),
});

/** What `case.yaml` says about a case. */
export type CaseSettings = z.infer<typeof settings>;

export const NO_SETTINGS: CaseSettings = settings.parse({});

/** @throws CommandError with all that is wrong with the file. */
export async function readSettings(file: string): Promise<CaseSettings> {
  return checked(settings, (await readYaml(file)) ?? {}, file);
}
