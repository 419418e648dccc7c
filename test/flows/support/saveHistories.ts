import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findServer } from '@bqtail/local-stack';
import type { Client } from '@temporalio/client';

const run = promisify(execFile);
const MAX_HISTORY_BYTES = 64 * 1024 * 1024;
/** Stack traces contain this path. */
const CHECKOUT = join(__dirname, '../../../');

/**
 * Saves the history of each workflow of a task queue for the replay test, as `<workflow type>-<table>-<status>.json`. Further
 * histories of the same name get a number. CONTRIBUTING.md describes how to record them.
 */
export async function saveHistories(client: Client, address: string, taskQueue: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const saved = new Map<string, number>();
  for await (const { workflowId, runId, type, status, searchAttributes } of client.workflow.list({
    query: `TaskQueue = '${taskQueue}'`,
  })) {
    const [dest = ''] = searchAttributes['BqtailDest'] ?? [];
    const table = String(dest).replace(/^.*\./, '');
    const name = [type, table, status.name.toLowerCase()].filter((part) => part !== '').join('-');
    const ids = ['--workflow-id', workflowId, '--run-id', runId, '--address', address];
    const { stdout } = await run(findServer() ?? 'temporal', ['workflow', 'show', ...ids, '--output', 'json'], {
      maxBuffer: MAX_HISTORY_BYTES,
    });
    const runs = (saved.get(name) ?? 0) + 1;
    saved.set(name, runs);
    await writeFile(join(folder, `${name}${runs > 1 ? `-${runs}` : ''}.json`), stdout.replaceAll(CHECKOUT, ''));
  }
}
