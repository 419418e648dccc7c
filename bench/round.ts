import type { Client } from '@temporalio/client';
import { type CallCounts, countsOf, jobTimes, resetCounts, upload } from '../packages/local-stack/bench/emulatorCalls';
import type { LocalStack } from '../src/cli/dev';
import { windowOf } from '../src/windows/window';
import type { batchWindow } from '../src/workflows';
import type { Deletions } from './deletions';
import { type Span, timelineOf } from './timeline';

/** Folder of the files in the trigger bucket. */
export const FOLDER = 'data/bench';
export const DEST = 'bqtail.bench';
export const SUFFIX = '.json';
export const WINDOW_SEC = 10;

/** A window that is younger than this has room for all uploads. */
const FRESH_MS = 2000;
const UPLOADS_AT_ONCE = 16;
const ROWS_A_FILE = 2;

/** What one window cost; durations in milliseconds. */
export interface Round {
  readonly files: number;
  readonly dueToSubmitted: number;
  readonly jobTook: number;
  readonly doneToDeleted: number;
  readonly dueToDeleted: number;
  /** Without the uploads, which are the benchmark's own. */
  readonly storageRequests: number;
  /** Those and what is inside of batch requests, but for the deletes of the files themselves. */
  readonly storageOperations: number;
  readonly bigQueryCalls: number;
  readonly signals: number;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly storage: CallCounts;
  readonly bigQuery: CallCounts;
  readonly spans: readonly Span[];
}

/** What rounds are run on. */
export interface Bench {
  readonly stack: LocalStack;
  readonly client: Client;
  readonly deletions: Deletions;
}

/**
 * Loads so many files through one window, and measures it.
 *
 * @throws Error when the files did not fall into one window, or the rows are not those uploaded.
 */
export async function runRound({ stack, client, deletions }: Bench, files: number): Promise<Round> {
  const { storage, bigquery } = stack.services;
  const { triggerBucket, opsBucket, project } = stack.app.names;
  await freshWindow();
  await Promise.all([resetCounts(storage), resetCounts(bigquery)]);
  const window = await uploadAll(storage, triggerBucket, files);
  const dueMs = window.due * 1000;
  // Until then the bridge may not have started the workflow.
  await new Promise((resolve) => setTimeout(resolve, dueMs - Date.now()));
  const handle = client.workflow.getHandle<typeof batchWindow>(window.id);
  const result = await handle.result();
  const counted = await countsOf(storage, [triggerBucket, opsBucket]);
  const asked = await countsOf(bigquery);

  const [jobId, ...more] = result.jobIds;
  if (jobId === undefined || more.length > 0) throw new Error(`expected 1 load job, got ${result.jobIds.length}`);
  const job = await jobTimes(bigquery, project, jobId);
  if (job.rows !== files * ROWS_A_FILE) throw new Error(`expected ${files * ROWS_A_FILE} rows, got ${job.rows}`);
  const deletedMs = await deletions.last(files);
  const { historyLength, historySize = 0 } = await handle.describe();
  const { signals, spans } = timelineOf(await handle.fetchHistory(), dueMs);
  return {
    files,
    dueToSubmitted: job.creationTime - dueMs,
    jobTook: job.endTime - job.creationTime,
    doneToDeleted: deletedMs - job.endTime,
    dueToDeleted: deletedMs - dueMs,
    storageRequests: counted.total - files,
    storageOperations: operations(counted) - 2 * files,
    bigQueryCalls: asked.total,
    signals,
    historyEvents: historyLength,
    historyBytes: historySize,
    storage: counted,
    bigQuery: asked,
    spans,
  };
}

/** Single operations: those that came alone, and those that came in batch requests. */
function operations({ calls }: CallCounts): number {
  return Object.entries(calls).reduce((sum, [name, count]) => (name === 'batch' ? sum : sum + count), 0);
}

/** Waits until a window has just begun, unless it is so already. */
async function freshWindow(): Promise<void> {
  const age = Date.now() % (WINDOW_SEC * 1000);
  if (age > FRESH_MS) await new Promise((resolve) => setTimeout(resolve, WINDOW_SEC * 1000 - age));
}

/** Uploads the files. @returns the window of all of them. */
async function uploadAll(storage: string, bucket: string, files: number): Promise<{ id: string; due: number }> {
  const run = Date.now();
  const names = Array.from({ length: files }, (_file, index) => `${FOLDER}/${run}-${index}${SUFFIX}`);
  const windows = new Map<string, { id: string; due: number }>();
  const queue = names.entries();
  const work = async () => {
    for (const [index, name] of queue) {
      const updatedMs = await upload(storage, bucket, name, text(index));
      const settings = { dest: DEST, suffix: SUFFIX, durationInSec: WINDOW_SEC, multiPath: false };
      const window = windowOf(settings, `gs://${bucket}/${name}`, updatedMs);
      windows.set(window.id, window);
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
  const [window, ...others] = windows.values();
  if (!window || others.length > 0) throw new Error(`${files} files did not fall into one window of ${WINDOW_SEC} s`);
  return window;
}

function text(index: number): string {
  return Array.from({ length: ROWS_A_FILE }, (_row, row) =>
    JSON.stringify({ id: index * ROWS_A_FILE + row, name: `row ${row} of file ${index}` }),
  ).join('\n');
}
