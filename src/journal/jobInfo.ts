import type { Process } from '../windows/process';
import { destInJobId } from './jobId';

/** What the info file of a job tells of its step. */
export interface JobInfoStep {
  readonly action: string;
  /** Temporary table that the job reads or fills, in back-quotes. */
  readonly tempTable?: string;
  /** Source URIs of a load. */
  readonly uris: readonly string[];
}

/** An ended job, as the service tells it. */
export interface EndedJobResource {
  readonly jobReference: { readonly projectId: string; readonly jobId: string };
  readonly status: { readonly errors?: readonly unknown[] };
  readonly statistics?: object;
}

/**
 * Content of the info file of an ended job: numbers as numbers, times in whole seconds, durations in milliseconds (spec 1,
 * section 5.8).
 */
export function jobInfoContent(
  process: Process,
  { action, tempTable, uris }: JobInfoStep,
  { jobReference, status, statistics = {} }: EndedJobResource,
): Record<string, unknown> {
  const value = (name: string, of: object = statistics): unknown => Reflect.get(of, name);
  const number = (name: string, of?: object): number => Number(value(name, of) ?? 0);
  const load = value('load');
  const loaded = (name: string): number => (typeof load === 'object' && load !== null ? number(name, load) : 0);
  const [created, started, ended] = [number('creationTime'), number('startTime'), number('endTime')];
  const reservation = value('reservation_id');
  return {
    ProjectID: jobReference.projectId,
    ...(status.errors?.length ? { Error: JSON.stringify(status.errors) } : {}),
    JobID: jobReference.jobId,
    CreateTime: wholeSeconds(created),
    StartTime: wholeSeconds(started),
    EndTime: wholeSeconds(ended),
    TotalSlotMs: number('totalSlotMs'),
    ...(typeof reservation === 'string' ? { ReservationName: reservation } : {}),
    TotalBytesProcessed: number('totalBytesProcessed'),
    InputFileBytes: loaded('inputFileBytes'),
    InputFiles: loaded('inputFiles'),
    OutputBytes: loaded('outputBytes'),
    OutputRows: loaded('outputRows'),
    BadRecords: loaded('badRecords'),
    ExecutionTimeMs: ended - started,
    TimeTakenMs: ended - created,
    JobType: action,
    ...(tempTable === undefined ? {} : { TempTable: tempTable }),
    DestinationTable: destInJobId(process.dest),
    ...(uris.length > 0 ? { URI: uris[0], URIs: uris } : {}),
    EventID: process.eventId,
    RuleURL: process.ruleUrl,
  };
}

function wholeSeconds(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}
