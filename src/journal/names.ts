import type { Config } from '../config/config';
import { hash } from '../windows/hash';
import type { ProcessName } from '../windows/process';

/**
 * Name of the folder for one hour: `yyyy-mm-dd_HH` in UTC.
 *
 * @example dateFolder(Date.parse('2023-11-14T22:13:20Z')) // '2023-11-14_22'
 */
export function dateFolder(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 13).replace('T', '_');
}

/** URL of the `.win` file of a window, which exists while the window is open. */
export function windowFile(config: Config, windowId: string, async: boolean): string {
  return `${async ? config.batchUrl : (config.syncTaskUrl ?? config.batchUrl)}/${windowId}.win`;
}

/** ID of the window that a `.win` file is named after. */
export function windowIdOf(windowFileUrl: string): string {
  return windowFileUrl.slice(windowFileUrl.lastIndexOf('/') + 1, -'.win'.length);
}

/** URL of the file in the trigger bucket that announces that a window is due. */
export function dueFile(config: Config, windowId: string): string {
  return `gs://${config.triggerBucket}${config.batchPrefix}${windowId}.win`;
}

/** URL of the `.loc` file that records that a window has files in a folder. Its content is the folder. */
export function locationFile(windowFileUrl: string, folderUrl: string): string {
  return `${windowFileUrl.slice(0, -'.win'.length)}/${hash(folderUrl)}.loc`;
}

/** URL of the `.grp` file of a group, which exists while the group is open. */
export function groupFile(config: Config, groupId: string, async: boolean): string {
  return `${async ? config.batchUrl : (config.syncTaskUrl ?? config.batchUrl)}/${groupId}.grp`;
}

/** URL of a job file, which exists while the job runs. */
export function jobFile(config: Config, jobId: string, async: boolean): string {
  return `${async ? config.asyncTaskUrl : (config.syncTaskUrl ?? config.asyncTaskUrl)}/${jobId}`;
}

/** URL of the file in the trigger bucket that announces that a job has ended. */
export function endedJobFile(config: Config, jobId: string): string {
  return `gs://${config.triggerBucket}${config.bqJobPrefix}${jobId}.json`;
}

/** URL of the info file of an ended job; undefined if `BqJobInfoPath` is empty. */
export function jobInfoFile(config: Config, jobId: string): string | undefined {
  return infoFile(config, config.bqJobInfoPath, jobId);
}

/** URL of the info file of a batch; undefined if `BqBatchInfoPath` is empty. */
export function batchInfoFile(config: Config, eventId: string): string | undefined {
  return infoFile(config, config.bqBatchInfoPath, eventId);
}

function infoFile(config: Config, folder: string, name: string): string | undefined {
  return folder === '' ? undefined : `gs://${config.triggerBucket}/${folder}/${name}.json`;
}

/** URL of the process file (`.run`) while the process runs. */
export function runningProcessFile(config: Config, process: ProcessName): string {
  return `${config.activeLoadProcessUrl}/${processPath(process)}`;
}

/** URL of the process file after the process succeeded. */
export function doneProcessFile(config: Config, process: ProcessName): string {
  return `${config.doneLoadProcessUrl}/${processPath(process)}`;
}

/** URL of the process file after the process failed for good. */
export function givenUpProcessFile(config: Config, process: ProcessName): string {
  return `${config.errorUrl}/proc/${process.dest}/${process.eventId}.run`;
}

/** URL of the last BigQuery error of a process, as text. */
export function errorFile(config: Config, process: ProcessName): string {
  return `${config.errorUrl}/${process.dest}/${process.eventId}.err`;
}

/** URL of the response of a failed process. */
export function failedResponseFile(config: Config, process: ProcessName): string {
  return `${config.errorUrl}/${process.dest}/${process.eventId}.rsp`;
}

function processPath({ dest, eventId, startedMs }: ProcessName): string {
  return `${dest}/${dateFolder(startedMs)}/${eventId}.run`;
}

/**
 * Kinds of files in the trigger bucket that are not data: process files in `_load_`, ended jobs in `_bqjob_`, windows in
 * `_batch_`.
 */
export type InternalFileKind = 'process' | 'endedJob' | 'window';

/** Metadata key of the internal files that bqtail itself writes. Operators put files of their own in the same folders. */
export const WRITTEN_BY_BQTAIL = 'bqtail-mark';

/** Kind of an internal file, found by its path; undefined for a data file and for any object of another bucket. */
export function internalFileKind(config: Config, bucket: string, name: string): InternalFileKind | undefined {
  if (bucket !== config.triggerBucket) return undefined;
  const path = `/${name}`;
  if (path.startsWith(config.loadProcessPrefix)) return 'process';
  if (path.startsWith(config.bqJobPrefix)) return 'endedJob';
  if (path.startsWith(config.batchPrefix)) return 'window';
  return undefined;
}
