import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { findServer } from '../../../src/local/temporal/findServer';

const run = promisify(execFile);
const MAX_HISTORY_BYTES = 64 * 1024 * 1024;

/**
 * Saves the history of each workflow of a task queue as `<workflow type>-<table>-<status>.json`, for the replay test; of
 * those without a table one a type. How it is called: see CONTRIBUTING.md.
 */
export async function saveHistories(client: Client, address: string, taskQueue: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
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
    await writeFile(join(folder, `${name}.json`), stdout);
  }
}
