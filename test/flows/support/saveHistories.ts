import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { findServer } from '../../../src/local/temporal/findServer';

const run = promisify(execFile);
const MAX_HISTORY_BYTES = 64 * 1024 * 1024;

/**
 * Saves the history of each workflow of a dataset as `<workflow type>-<table>.json`, for the replay test. Each release does
 * so once: `SAVE_HISTORIES=test/histories/<version> npm test -- test/flows`.
 */
export async function saveHistories(client: Client, address: string, dataset: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for await (const { workflowId, runId, type, searchAttributes } of client.workflow.list()) {
    const [dest = ''] = searchAttributes['BqtailDest'] ?? [];
    if (!String(dest).startsWith(`${dataset}.`)) continue;
    const ids = ['--workflow-id', workflowId, '--run-id', runId, '--address', address];
    const { stdout } = await run(findServer() ?? 'temporal', ['workflow', 'show', ...ids, '--output', 'json'], {
      maxBuffer: MAX_HISTORY_BYTES,
    });
    await writeFile(join(folder, `${type}-${String(dest).slice(dataset.length + 1)}.json`), stdout);
  }
}
