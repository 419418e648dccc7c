import { expandAtRun } from '../../plan/expandAtRun';
import type { ActionCall } from '../../plan/stepContext';
import type { JsonValue } from '../../rules/types';
import type { Dependencies } from '../dependencies';

/** A file that an action is about. */
export interface NamedFile {
  readonly url: string;
  /** Of a file of the batch; a file that the rule names by URL is taken as it is. */
  readonly generation?: string;
}

/** The files that keys of a request name, each once: those of the batch with the generation that was loaded. */
export async function namedFiles(
  deps: Pick<Dependencies, 'ledger'>,
  { step, context }: Pick<ActionCall, 'step' | 'context'>,
  keys: readonly string[],
): Promise<NamedFile[]> {
  const part = step.files ? (await deps.ledger.read(step.files.entry)).files : [];
  const named = keys.flatMap((key): JsonValue[] => [step.request[key] ?? []].flat());
  const files = new Map<string, NamedFile>();
  if (named.some(isBatch)) for (const { url, generation } of part) files.set(url, { url, generation });
  const others = named.filter((value) => typeof value === 'string' && !isBatch(value));
  const { URLs } = expandAtRun({ URLs: others }, { ...context, uris: part.map(({ url }) => url) });
  for (const url of [URLs].flat(2)) if (typeof url === 'string' && !files.has(url)) files.set(url, { url });
  return [...files.values()];
}

function isBatch(value: JsonValue): boolean {
  return typeof value === 'string' && /^\s*\$(?:LoadURIs|\{\s*LoadURIs\s*\})\s*$/.test(value);
}
