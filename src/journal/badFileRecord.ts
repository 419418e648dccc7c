import { z } from 'zod';
import type { Config } from '../config/config';
import { errorText } from '../errorText';
import { dateFolder } from './names';

/** What became of one bad file: a line of the journal, and of `bqtail files --bad`. */
export const badFileRecord = z.object({
  file: z.string(),
  generation: z.string(),
  class: z.enum(['corrupted', 'invalidSchema', 'missing']),
  /** Rows of the file looked at up to the bad one, from 1; where BigQuery has told it. */
  row: z.number().int().optional(),
  /** Byte at which the bad row begins. */
  position: z.number().int().optional(),
  column: z.string().optional(),
  reason: z.string(),
  message: z.string(),
  /** RFC 3339. */
  firstSeen: z.string(),
  /** Where the file was moved; absent for one that was not there. */
  movedTo: z.string().optional(),
  dest: z.string(),
  ruleId: z.string(),
  eventId: z.string(),
  /** ID of the window or single-file load. */
  workflowId: z.string(),
  /** The job that named it. */
  jobId: z.string(),
});

export type BadFileRecord = z.infer<typeof badFileRecord>;

/** Folder of the records of all bad files, below which each destination table has its own. */
export function badFilesFolder(config: Pick<Config, 'journalUrl'>): string {
  return `${config.journalUrl}/BadFiles`;
}

/** URL of the records of the bad files that one job has named. */
export function badFilesOfJob(
  config: Pick<Config, 'journalUrl'>,
  process: { readonly dest: string; readonly startedMs: number },
  jobId: string,
): string {
  return `${badFilesFolder(config)}/${process.dest}/${dateFolder(process.startedMs)}/${jobId}.jsonl`;
}

/** The records as they are kept, a line each. */
export function writtenRecords(records: readonly BadFileRecord[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

/**
 * Reads what `writtenRecords` wrote.
 *
 * @param source URL, for messages.
 * @throws Error that names the source and the line that is no record.
 */
export function readRecords(text: string, source: string): BadFileRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, at) => {
      try {
        return badFileRecord.parse(JSON.parse(line));
      } catch (error) {
        throw new Error(`${source}, line ${at + 1}: no record of a bad file: ${errorText(error)}`);
      }
    });
}
