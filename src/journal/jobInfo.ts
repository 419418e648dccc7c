import { isObject } from '../json';
import type { Process } from '../windows/process';
import { destInJobId } from './jobId';

/** The step of a plan that an info file describes. */
export interface JobInfoStep {
  readonly action: string;
  /** Temporary table that the job reads or fills, in backticks. */
  readonly tempTable?: string;
  /** Source URIs of a load. */
  readonly uris: readonly string[];
}

/** Resource of an ended BigQuery job. */
export interface EndedJobResource {
  readonly jobReference: { readonly projectId: string; readonly jobId: string };
  readonly status: { readonly errors?: readonly unknown[] };
  readonly statistics?: object;
}

/**
 * Content of the info file of an ended job (`BqJobInfoPath`), with the fields that viant/bqtail writes. BigQuery returns
 * numbers as text; here they are numbers. Times have whole seconds, durations are milliseconds.
 */
export function jobInfoContent(
  process: Process,
  { action, tempTable, uris }: JobInfoStep,
  { jobReference, status, statistics = {} }: EndedJobResource,
): Record<string, unknown> {
  const value = (name: string, of: object = statistics): unknown => Reflect.get(of, name);
  const number = (name: string, of?: object): number => Number(value(name, of) ?? 0);
  const load = value('load');
  const loaded = (name: string): number => (isObject(load) ? number(name, load) : 0);
  const [created, started, ended] = [number('creationTime'), number('startTime'), number('endTime')];
  return {
    ProjectID: jobReference.projectId,
    Error: status.errors?.length ? JSON.stringify(status.errors) : undefined,
    JobID: jobReference.jobId,
    CreateTime: wholeSeconds(created),
    StartTime: wholeSeconds(started),
    EndTime: wholeSeconds(ended),
    TotalSlotMs: number('totalSlotMs'),
    ReservationName: value('reservation_id'),
    TotalBytesProcessed: number('totalBytesProcessed'),
    InputFileBytes: loaded('inputFileBytes'),
    InputFiles: loaded('inputFiles'),
    OutputBytes: loaded('outputBytes'),
    OutputRows: loaded('outputRows'),
    BadRecords: loaded('badRecords'),
    ExecutionTimeMs: ended - started,
    TimeTakenMs: ended - created,
    JobType: action,
    TempTable: tempTable,
    DestinationTable: destInJobId(process.dest),
    URI: uris[0],
    URIs: uris.length > 0 ? uris : undefined,
    EventID: process.eventId,
    RuleURL: process.ruleUrl,
  };
}

function wholeSeconds(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}
