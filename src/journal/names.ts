import type { Config } from '../config/config';
import { hash } from '../windows/hash';
import type { ProcessName } from '../windows/process';

/** A folder's part of the day: `yyyy-mm-dd_HH` in UTC, 24 hours (spec 1, section 4.6). */
export function dateFolder(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 13).replace('T', '_');
}

/** URL of a window's file while the window lives (spec 1, section 4.6). */
export function windowFile(config: Config, windowId: string, async: boolean): string {
  return `${async ? config.batchUrl : (config.syncTaskUrl ?? config.batchUrl)}/${windowId}.win`;
}

/** URL of the file in the trigger bucket that tells that a window is due. */
export function dueFile(config: Config, windowId: string): string {
  return `gs://${config.triggerBucket}${config.batchPrefix}${windowId}.win`;
}

/** URL of the file that tells that a window of many folders has files in this one; the content is the folder. */
export function locationFile(windowFileUrl: string, folderUrl: string): string {
  return `${windowFileUrl.slice(0, -'.win'.length)}/${hash(folderUrl)}.loc`;
}

/** URL of a group's file while the group lives. */
export function groupFile(config: Config, groupId: string, async: boolean): string {
  return `${async ? config.batchUrl : (config.syncTaskUrl ?? config.batchUrl)}/${groupId}.grp`;
}

/** URL of a job's file while the job runs. */
export function jobFile(config: Config, jobId: string, async: boolean): string {
  return `${async ? config.asyncTaskUrl : (config.syncTaskUrl ?? config.asyncTaskUrl)}/${jobId}`;
}

/** URL of a job's file in the trigger bucket, once the job is done. */
export function endedJobFile(config: Config, jobId: string): string {
  return `gs://${config.triggerBucket}${config.bqJobPrefix}${jobId}.json`;
}

/** URL of what is told of an ended job; undefined when BqJobInfoPath is off. */
export function jobInfoFile(config: Config, jobId: string): string | undefined {
  return infoFile(config, config.bqJobInfoPath, jobId);
}

/** URL of what is told of a window that is loaded; undefined when BqBatchInfoPath is off. */
export function batchInfoFile(config: Config, eventId: string): string | undefined {
  return infoFile(config, config.bqBatchInfoPath, eventId);
}

function infoFile(config: Config, folder: string, name: string): string | undefined {
  return folder === '' ? undefined : `gs://${config.triggerBucket}/${folder}/${name}.json`;
}

/** URL of the process file while the process runs. */
export function runningProcessFile(config: Config, process: ProcessName): string {
  return `${config.activeLoadProcessUrl}/${processPath(process)}`;
}

/** URL of the process file when all is done. */
export function doneProcessFile(config: Config, process: ProcessName): string {
  return `${config.doneLoadProcessUrl}/${processPath(process)}`;
}

/** URL of the process file of a process that failed for good (spec 1, section 4.6, 'given-up process'). */
export function givenUpProcessFile(config: Config, process: ProcessName): string {
  return `${config.errorUrl}/proc/${process.dest}/${process.eventId}.run`;
}

/** URL of the text of the last BigQuery error of a process. */
export function errorFile(config: Config, process: ProcessName): string {
  return `${config.errorUrl}/${process.dest}/${process.eventId}.err`;
}

/** URL of the response of a failed process. */
export function failedResponseFile(config: Config, process: ProcessName): string {
  return `${config.errorUrl}/${process.dest}/${process.eventId}.rsp`;
}

/** Folder of the ledger parts of one rule in one window, or of one single-file load. */
export function ledgerFolder(config: Config, dest: string, workflowId: string, ruleId: string): string {
  return `${destLedgerFolder(config, dest)}/${workflowId}/${hash(ruleId)}`;
}

/** URL of a ledger part, counted from 1. */
export function ledgerEntry(folder: string, number: number): string {
  return `${folder}/${String(number).padStart(5, '0')}.json`;
}

/** Folder of the ledger parts of all windows of a destination table. */
export function destLedgerFolder(config: Config, dest: string): string {
  return `${config.ledgerUrl}/${dest}`;
}

/** The workflow and the folder of a ledger part; undefined for what lies deeper, such as files that were put aside. */
export function partPlace(destFolder: string, url: string): { workflowId: string; folder: string } | undefined {
  const [workflowId = '', rule = '', name = '', ...deeper] = url.slice(destFolder.length + 1).split('/');
  if (deeper.length > 0 || !name.endsWith('.json')) return undefined;
  return { workflowId, folder: `${destFolder}/${workflowId}/${rule}` };
}

/** URL of the record that a step of the process of a ledger part has ended. */
export function stepRecord(ledgerPartUrl: string, key: string): string {
  return `${ledgerPartUrl.replace(/\.json$/, '')}/steps/${key}.json`;
}

/** URL of an object with some of the files of a ledger part. */
export function ledgerSubpart(part: string, name: string): string {
  return `${part.replace(/\.json$/, '')}/${name}.json`;
}

function processPath({ dest, eventId, startedMs }: ProcessName): string {
  return `${dest}/${dateFolder(startedMs)}/${eventId}.run`;
}

/** Kinds of the product's own files in the trigger bucket, which come back as events. */
export type MarkerKind = 'process' | 'endedJob' | 'window';

/** Metadata key of the files that the product itself writes where operators may drop theirs. */
export const WRITTEN_BY_BQTAIL = 'bqtail-mark';

/** Which of the product's own files an object of the trigger bucket is; undefined for a data file (spec 1, section 3). */
export function internalFileKind(config: Config, bucket: string, name: string): MarkerKind | undefined {
  if (bucket !== config.triggerBucket) return undefined;
  const path = `/${name}`;
  if (path.startsWith(config.loadProcessPrefix)) return 'process';
  if (path.startsWith(config.bqJobPrefix)) return 'endedJob';
  if (path.startsWith(config.batchPrefix)) return 'window';
  return undefined;
}
