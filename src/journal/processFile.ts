import type { Config } from '../config/config';
import type { FileVersion } from '../windows/fileVersion';
import { folderOf } from '../windows/folder';
import type { Process } from '../windows/process';
import type { WindowTimes } from '../windows/windowIdentity';
import { doneProcessFile, locationFile, runningProcessFile } from './names';

/** The process fields, shared by `.win`, `.run` and job files; zero values are left out (spec 1, section 5.6). */
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

/** The process fields of a process. */
export function processFields(config: Config, process: Process): ProcessFields {
  return {
    Source: { URL: process.source.url, Time: new Date(process.source.updatedMs).toISOString(), Status: 'pending' },
    ProcessURL: runningProcessFile(config, process),
    DoneProcessURL: doneProcessFile(config, process),
    FailedURL: config.failedLoadProcessUrl,
    RuleURL: process.ruleUrl,
    EventID: process.eventId,
    ...(process.projectId ? { ProjectID: process.projectId } : {}),
    ...(Object.keys(process.params).length > 0 ? { Params: process.params } : {}),
    ...(process.async ? { Async: true } : {}),
    DestTable: process.dest,
    ...(process.groupUrl ? { GroupURL: process.groupUrl } : {}),
    ...(process.stepCount ? { StepCount: process.stepCount } : {}),
  };
}

/** A window as `.win` files and responses show it. */
export interface WindowFields extends ProcessFields {
  readonly URL: string;
  readonly Start: string;
  readonly End: string;
  readonly URIs?: readonly string[];
  readonly Resources?: readonly { readonly URL: string; readonly ModTime: string }[];
  /** URLs of the `.loc` files of the folders that the files lie in. */
  readonly Locations?: readonly string[];
}

/** The window object; with `files` once they are known. */
export function windowFields(
  process: ProcessFields,
  url: string,
  times: WindowTimes,
  files: readonly FileVersion[] = [],
): WindowFields {
  return {
    ...process,
    URL: url,
    Start: rfc3339(times.start),
    End: rfc3339(times.due),
    ...(files.length > 0
      ? {
          URIs: files.map((file) => file.url),
          Resources: files.map((file) => ({ URL: file.url, ModTime: new Date(file.updatedMs).toISOString() })),
          ...(times.multiPath ? { Locations: locations(url, files) } : {}),
        }
      : {}),
  };
}

function locations(windowUrl: string, files: readonly FileVersion[]): string[] {
  return [...new Set(files.map((file) => folderOf(file.url)))].map((folder) => locationFile(windowUrl, folder));
}

function rfc3339(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
