import { expandAtRun } from '../../plan/expandAtRun';
import type { ActionCall } from '../../plan/stepContext';
import type { JsonValue } from '../../rules/types';
import type { Dependencies } from '../dependencies';

/** A file of an action. */
export interface NamedFile {
  readonly url: string;
  /** Set for files of the batch; absent for a file that the rule names by URL. */
  readonly generation?: string;
}

/** The files in some keys of a request, without duplicates. Files of the batch have the generation that was loaded. */
export async function namedFiles(
  deps: Pick<Dependencies, 'ledger'>,
  { step, context }: Pick<ActionCall, 'step' | 'context'>,
  keys: readonly string[],
): Promise<NamedFile[]> {
  const batch = step.files ? (await deps.ledger.read(step.files.entry)).files : [];
  const named = keys.flatMap((key): JsonValue[] => [step.request[key] ?? []].flat());
  const files = new Map<string, NamedFile>();
  if (named.some(isBatch)) for (const { url, generation } of batch) files.set(url, { url, generation });
  const others = named.filter((value) => typeof value === 'string' && !isBatch(value));
  const { URLs } = expandAtRun({ URLs: others }, { ...context, uris: batch.map(({ url }) => url) });
  for (const url of [URLs].flat(2)) if (typeof url === 'string' && !files.has(url)) files.set(url, { url });
  return [...files.values()];
}

function isBatch(value: JsonValue): boolean {
  return typeof value === 'string' && /^\s*\$(?:LoadURIs|\{\s*LoadURIs\s*\})\s*$/.test(value);
}
