import { z } from 'zod';
import type { Config } from '../config/config';
import { errorText } from '../errorText';
import { dateFolder } from './names';

/** The record of one quarantined file: a line in the journal, and in the output of `bqtail files --bad`. */
export const badFileRecord = z.object({
  file: z.string(),
  generation: z.string(),
  class: z.enum(['corrupted', 'invalidSchema', 'missing']),
  /** Number of the bad row in the file, from 1; absent if BigQuery did not report it. */
  row: z.number().int().optional(),
  /** Byte offset of the bad row; absent if BigQuery did not report it. */
  position: z.number().int().optional(),
  column: z.string().optional(),
  reason: z.string(),
  message: z.string(),
  /** Time of the failed job, RFC 3339. */
  firstSeen: z.string(),
  /** URL of the quarantined file; absent if the file did not exist. */
  movedTo: z.string().optional(),
  dest: z.string(),
  ruleId: z.string(),
  eventId: z.string(),
  /** ID of the window or single-file load. */
  workflowId: z.string(),
  /** The BigQuery job that reported the file. */
  jobId: z.string(),
});

export type BadFileRecord = z.infer<typeof badFileRecord>;

/** Folder of the records of all bad files. Each destination table has a folder below it. */
export function badFilesFolder(config: Pick<Config, 'journalUrl'>): string {
  return `${config.journalUrl}/BadFiles`;
}

/** URL of the records of the bad files that one job reported. */
export function badFilesOfJob(
  config: Pick<Config, 'journalUrl'>,
  process: { readonly dest: string; readonly startedMs: number },
  jobId: string,
): string {
  return `${badFilesFolder(config)}/${process.dest}/${dateFolder(process.startedMs)}/${jobId}.jsonl`;
}

/** The records as JSON Lines. */
export function formatRecords(records: readonly BadFileRecord[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

/**
 * Reads the text that `formatRecords` made.
 *
 * @param source URL of the text, for messages.
 * @throws Error that names the source and the invalid line.
 */
export function parseRecords(text: string, source: string): BadFileRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, at) => {
      try {
        return badFileRecord.parse(JSON.parse(line));
      } catch (error) {
        throw new Error(`${source}, line ${at + 1}: not a record of a bad file: ${errorText(error)}`);
      }
    });
}
