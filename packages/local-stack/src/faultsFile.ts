import { readFile } from 'node:fs/promises';
import { faultsSchema as bigQueryFaults } from '@bqtail/bigquery-emulator';
import { problems } from '@bqtail/emulator-kit';
import { faultsSchema as storageFaults } from '@bqtail/storage-emulator';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { UsageError } from './usageError';

const fileSchema = z.strictObject({ storage: storageFaults.default([]), bigquery: bigQueryFaults.default([]) });

/** The faults of both stand-ins, as a file has them. */
export type FaultsFile = z.infer<typeof fileSchema>;

/**
 * Reads a file of faults, JSON or YAML: a list for each stand-in, in the form that its `/_local/faults` takes.
 *
 * @example storage: [{ match: { call: batch }, action: status, status: 503, times: 3 }]
 * @throws UsageError with every problem: file, field, what was found, what is allowed.
 */
export async function readFaultsFile(path: string): Promise<FaultsFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return parseFaults(text, path);
}

/** @param source for messages. */
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

/** Puts the faults into running stand-ins, given by their addresses. */
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
