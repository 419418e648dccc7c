import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../../config/config';
import { faultsSchema as bigQueryFaults } from '../bigquery/faults';
import { faultsSchema as storageFaults } from '../storage/faults';
import { problems } from './problems';

const fileSchema = z.strictObject({ storage: storageFaults.default([]), bigquery: bigQueryFaults.default([]) });

/** The faults of both stand-ins, as a file has them. */
export type FaultsFile = z.infer<typeof fileSchema>;

/**
 * Reads a file of faults, JSON or YAML: a list for each stand-in, in the form that its `/_local/faults` takes.
 *
 * @example storage: [{ match: { call: batch }, action: status, status: 503, times: 3 }]
 * @throws ConfigError with every problem: file, field, what was found, what is allowed.
 */
export async function readFaultsFile(path: string): Promise<FaultsFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return parseFaults(text, path);
}

/** @param source for messages. */
export function parseFaults(text: string, source: string): FaultsFile {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new ConfigError(`${source}: neither JSON nor YAML: ${broken.message.split('\n')[0]}`);
  const data: unknown = document.toJS() ?? {};
  const parsed = fileSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
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
