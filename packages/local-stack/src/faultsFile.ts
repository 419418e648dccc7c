import { readFile } from 'node:fs/promises';
import { faultsSchema as bigQueryFaults } from '@bqtail/bigquery-emulator';
import { problems } from '@bqtail/emulator-kit';
import { faultsSchema as storageFaults } from '@bqtail/storage-emulator';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { UsageError } from './usageError';

const fileSchema = z.strictObject({ storage: storageFaults.default([]), bigquery: bigQueryFaults.default([]) });

/** The faults of both emulators, in the form of a file. */
export type FaultsFile = z.infer<typeof fileSchema>;

/**
 * Reads a file of faults in JSON or YAML: one list per emulator, in the form of its `/_local/faults`.
 *
 * @example storage: [{ match: { call: batch }, action: status, status: 503, times: 3 }]
 * @throws UsageError with every problem: file, field, its value, and what is allowed.
 */
export async function readFaultsFile(path: string): Promise<FaultsFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return parseFaults(text, path);
}

/**
 * Reads the text of a faults file.
 *
 * @param source names the text in messages.
 * @throws UsageError as `readFaultsFile`.
 */
export function parseFaults(text: string, source: string): FaultsFile {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new UsageError(`${source}: neither JSON nor YAML: ${broken.message.split('\n')[0]}`);
  const data: unknown = document.toJS() ?? {};
  const parsed = fileSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    problems(parsed.error, data)
      .map((line) => `${source}: ${line}`)
      .join('\n'),
  );
}

/** Sets the faults of running emulators, which are given by their addresses. */
export async function injectFaults(
  services: Readonly<Record<keyof FaultsFile, string>>,
  faults: FaultsFile,
): Promise<void> {
  for (const name of ['storage', 'bigquery'] as const) {
    const url = `${services[name]}/_local/faults`;
    const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(faults[name]) });
    if (!answer.ok) throw new Error(`PUT ${url}: ${answer.status} ${await answer.text()}`);
  }
}
