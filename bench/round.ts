import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type CallCounts, countsOf, jobTimes, resetCounts, upload } from '../packages/local-stack/bench/emulatorCalls';
import type { LocalStack } from '../src/cli/dev';
import { waitForFreshWindow } from '../src/cli/waitForFreshWindow';
import { windowOf } from '../src/windows/window';
import type { batchWindow } from '../src/workflows';
import type { Deletions } from './deletions';
import { type Span, timelineOf } from './timeline';

/** Folder of the files in the trigger bucket. */
export const FOLDER = 'data/bench';
export const DEST = 'bqtail.bench';
export const SUFFIX = '.json';
export const WINDOW_SEC = 10;

/** Time left in a window that is enough for all uploads. */
const UPLOADS_MS = 8000;
const MAX_CONCURRENT_UPLOADS = 16;
const ROWS_PER_FILE = 2;

/** Measures of one window; durations in milliseconds. */
export interface Round {
  readonly files: number;
  readonly dueToSubmitted: number;
  readonly jobTook: number;
  readonly doneToDeleted: number;
  readonly dueToDeleted: number;
  /** Without the benchmark's own uploads. */
  readonly storageRequests: number;
  /** Requests, and the operations inside batch requests; without the deletes of the window's files. */
  readonly storageOperations: number;
  readonly bigQueryCalls: number;
  readonly signals: number;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly storage: CallCounts;
  readonly bigQuery: CallCounts;
  readonly spans: readonly Span[];
}

/** The stack and clients of all rounds. */
export interface Bench {
  readonly stack: LocalStack;
  readonly client: Client;
  readonly deletions: Deletions;
}

/**
 * Loads files through one window and measures it.
 *
 * @param files number of files.
 * @throws Error when the files did not fall into one window, or rows are missing.
 */
export async function runRound({ stack, client, deletions }: Bench, files: number): Promise<Round> {
  const { storage, bigquery } = stack.services;
  const { triggerBucket, opsBucket, project } = stack.app.names;
  await waitForFreshWindow(WINDOW_SEC * 1000, UPLOADS_MS);
  await Promise.all([resetCounts(storage), resetCounts(bigquery)]);
  const window = await uploadAll(storage, triggerBucket, files);
  const dueMs = window.due * 1000;
  // The bridge may start the workflow until the window is due.
  await sleep(Math.max(0, dueMs - Date.now()));
  const handle = client.workflow.getHandle<typeof batchWindow>(window.id);
  const result = await handle.result();
  const storageCalls = await countsOf(storage, [triggerBucket, opsBucket]);
  const bigQueryCalls = await countsOf(bigquery);

  const [jobId, ...more] = result.jobIds;
  if (jobId === undefined || more.length > 0) throw new Error(`expected 1 load job, got ${result.jobIds.length}`);
  const job = await jobTimes(bigquery, project, jobId);
  if (job.rows !== files * ROWS_PER_FILE) throw new Error(`expected ${files * ROWS_PER_FILE} rows, got ${job.rows}`);
  const deletedMs = await deletions.last(files);
  const { historyLength, historySize = 0 } = await handle.describe();
  const { signals, spans } = timelineOf(await handle.fetchHistory(), dueMs);
  return {
    files,
    dueToSubmitted: job.creationTime - dueMs,
    jobTook: job.endTime - job.creationTime,
    doneToDeleted: deletedMs - job.endTime,
    dueToDeleted: deletedMs - dueMs,
    storageRequests: storageCalls.total - files,
    storageOperations: operations(storageCalls) - 2 * files,
    bigQueryCalls: bigQueryCalls.total,
    signals,
    historyEvents: historyLength,
    historyBytes: historySize,
    storage: storageCalls,
    bigQuery: bigQueryCalls,
    spans,
  };
}

/** Number of single operations: requests, and operations inside batch requests. */
function operations({ calls }: CallCounts): number {
  return Object.entries(calls).reduce((sum, [name, count]) => (name === 'batch' ? sum : sum + count), 0);
}

/** Uploads the files. @returns their window. @throws Error when they fall into several windows. */
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
  await Promise.all(Array.from({ length: MAX_CONCURRENT_UPLOADS }, work));
  const [window, ...others] = windows.values();
  if (!window || others.length > 0) throw new Error(`${files} files did not fall into one window of ${WINDOW_SEC} s`);
  return window;
}

function text(index: number): string {
  return Array.from({ length: ROWS_PER_FILE }, (_row, row) =>
    JSON.stringify({ id: index * ROWS_PER_FILE + row, name: `row ${row} of file ${index}` }),
  ).join('\n');
}
