import { z } from 'zod';
import type { Config } from '../config/config';
import { jobId } from '../journal/jobId';
import { givenUpProcessFile, windowIdOf } from '../journal/names';
import { parseJson } from '../json';
import type { IsRunning } from '../ledger/tableLedger';
import type { ObjectChange, ObjectInfo, ObjectStore } from '../objects/objectStore';

/** Whether the load of a single file runs, by its destination and event ID. */
export type IsLoading = (dest: string, eventId: string) => Promise<boolean>;

const processFile = z.object({
  DestTable: z.string(),
  EventID: z.string(),
  Window: z.object({ URL: z.string() }).nullish(),
});

/**
 * Cleans up after runs that were terminated and not retried. Deletes `.win` files and due files without a running window. Moves
 * process files without a running process to the error folder, and deletes the files of their jobs. Does not touch files of
 * running or parked workflows. Temporary tables expire by themselves.
 *
 * @returns number of files that were deleted or moved.
 * @throws what storage and Temporal throw.
 */
export async function cleanUpDeadRuns(
  config: Config,
  objects: ObjectStore,
  isRunning: IsRunning,
  isLoading: IsLoading,
): Promise<number> {
  const taskFolders = [...new Set([config.batchUrl, config.asyncTaskUrl, config.syncTaskUrl ?? config.batchUrl])];
  const dueFiles = `gs://${config.triggerBucket}${config.batchPrefix}`;
  const endedJobs = `gs://${config.triggerBucket}${config.bqJobPrefix}`;
  const list = async (folders: readonly string[], recursive = false) =>
    (await Promise.all(folders.map((folder) => objects.list(folder, { recursive })))).flat();
  const [windows, running] = await Promise.all([
    list([...taskFolders, dueFiles]),
    list([config.activeLoadProcessUrl], true),
  ]);
  const changes: ObjectChange[] = [];
  for (const file of windows.filter(({ url }) => url.endsWith('.win'))) {
    if (!(await isRunning(windowIdOf(file.url)))) changes.push(removal(file));
  }
  const dead = await deadProcesses(running, objects, isRunning, isLoading);
  if (dead.length > 0) {
    const jobs = await list([...taskFolders, endedJobs]);
    for (const { url, dest, eventId } of dead) {
      const name = { dest, eventId, startedMs: 0 };
      changes.push({ kind: 'move', from: url, to: givenUpProcessFile(config, name) });
      changes.push(...jobs.filter((job) => isJobOf(job, dest, eventId)).map(removal));
    }
  }
  if (changes.length === 0) return 0;
  const results = await objects.change(changes);
  // 412: the file was overwritten in the meantime, so it stays.
  const failed = results.find(({ error }) => error && error.status !== 412);
  if (failed?.error) throw new Error(`cleaning up after dead runs: ${failed.error.message}`);
  return changes.length;
}

async function deadProcesses(
  files: readonly ObjectInfo[],
  objects: ObjectStore,
  isRunning: IsRunning,
  isLoading: IsLoading,
): Promise<{ url: string; dest: string; eventId: string }[]> {
  const dead = [];
  for (const { url } of files.filter((file) => file.url.endsWith('.run'))) {
    const content = processFile.safeParse(parseJson((await objects.read(url)) ?? ''));
    // Not a process file of bqtail: leave it.
    if (!content.success) continue;
    const { DestTable: dest, EventID: eventId, Window: window } = content.data;
    const alive = window ? await isRunning(windowIdOf(window.URL)) : await isLoading(dest, eventId);
    if (!alive) dead.push({ url, dest, eventId });
  }
  return dead;
}

function isJobOf({ url }: ObjectInfo, dest: string, eventId: string): boolean {
  const step = jobId({ dest, eventId, step: 0, action: 'load', async: true });
  const prefix = step.slice(0, step.lastIndexOf('_00000_') + 1);
  return url.slice(url.lastIndexOf('/') + 1).startsWith(prefix);
}

function removal({ url, generation }: ObjectInfo): ObjectChange {
  return { kind: 'delete', url, generation };
}
