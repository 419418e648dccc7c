import type { Config } from '../config/config';
import type { FileVersion } from '../windows/fileVersion';
import { folderOf } from '../windows/folder';
import type { Process } from '../windows/process';
import type { WindowTimes } from '../windows/windowIdentity';
import { doneProcessFile, locationFile, runningProcessFile } from './names';

/** The fields of a process in `.win`, `.run` and job files. As in viant/bqtail, zero values are left out. */
export interface ProcessFields {
  readonly Source: { readonly URL: string; readonly Time: string; readonly Status: string };
  readonly ProcessURL: string;
  readonly DoneProcessURL: string;
  readonly FailedURL: string;
  readonly RuleURL: string;
  readonly EventID: string;
  readonly ProjectID?: string;
  readonly Region?: string;
  readonly Params?: Readonly<Record<string, string>>;
  readonly Async?: boolean;
  readonly TempTable?: string;
  readonly DestTable: string;
  readonly GroupURL?: string;
  readonly StepCount?: number;
}

/** The fields of a process. JSON leaves out those that are undefined. */
export function processFields(config: Config, process: Process): ProcessFields {
  return {
    Source: { URL: process.source.url, Time: new Date(process.source.updatedMs).toISOString(), Status: 'pending' },
    ProcessURL: runningProcessFile(config, process),
    DoneProcessURL: doneProcessFile(config, process),
    FailedURL: config.failedLoadProcessUrl,
    RuleURL: process.ruleUrl,
    EventID: process.eventId,
    ProjectID: process.projectId || undefined,
    Params: Object.keys(process.params).length > 0 ? process.params : undefined,
    Async: process.async || undefined,
    DestTable: process.dest,
    GroupURL: process.groupUrl,
    StepCount: process.stepCount || undefined,
  };
}

/** The fields of a window in `.win` files and responses. */
export interface WindowFields extends ProcessFields {
  readonly URL: string;
  readonly Start: string;
  readonly End: string;
  readonly URIs?: readonly string[];
  readonly Resources?: readonly { readonly URL: string; readonly ModTime: string }[];
  /** URLs of the `.loc` files, one per folder that contains files of the window. */
  readonly Locations?: readonly string[];
}

/**
 * The fields of a window.
 *
 * @param url URL of the `.win` file.
 * @param files files of the batch; empty before the window is sealed.
 */
export function windowFields(
  process: ProcessFields,
  url: string,
  times: WindowTimes,
  files: readonly FileVersion[] = [],
): WindowFields {
  const window = { ...process, URL: url, Start: rfc3339(times.start), End: rfc3339(times.due) };
  if (files.length === 0) return window;
  return {
    ...window,
    URIs: files.map((file) => file.url),
    Resources: files.map((file) => ({ URL: file.url, ModTime: new Date(file.updatedMs).toISOString() })),
    Locations: times.multiPath ? locations(url, files) : undefined,
  };
}

function locations(windowUrl: string, files: readonly FileVersion[]): string[] {
  return [...new Set(files.map((file) => folderOf(file.url)))].map((folder) => locationFile(windowUrl, folder));
}

function rfc3339(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
