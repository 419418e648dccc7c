import { z } from 'zod';
import { parseJson } from '../json';
import type { ObjectStore } from '../objects/objectStore';
import type { EventOutcome } from '../starter/response';

const url = z.string().startsWith('gs://');
const window = z.object({ URL: url, Start: z.iso.datetime({ offset: true }), End: z.iso.datetime({ offset: true }) });
const processFields = { RuleURL: z.string(), DestTable: z.string(), Source: z.object({ URL: url }) };

/** The fields of a `.run` file that a replay reads. */
export const processFile = z.object({
  ...processFields,
  Window: window.extend({ URIs: z.array(url).optional() }).nullish(),
  load: z.object({ sourceUris: z.array(url).optional() }).nullish(),
});

/** The fields of a `.win` file that a replay reads. */
export const windowFile = z.object({ ...processFields, ...window.shape });

/**
 * Reads a file that an operator wrote to the trigger bucket.
 *
 * @param ending required end of the file's name, e.g. `.run`.
 * @returns the content; or the outcome of the event when the file was deleted or is not valid.
 */
export async function readOperatorFile<T extends object>(
  objects: Pick<ObjectStore, 'read'>,
  fileUrl: string,
  ending: string,
  schema: z.ZodType<T>,
): Promise<{ readonly content: T } | { readonly outcome: EventOutcome }> {
  if (!fileUrl.endsWith(ending)) return { outcome: refused(`${fileUrl}: the name must end with ${ending}`) };
  const text = await objects.read(fileUrl);
  if (text === undefined) return { outcome: { Status: 'notFound' } };
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return { content: parsed.data };
  const [issue] = parsed.error.issues;
  return { outcome: refused(`${fileUrl}: ${issue?.path.join('.') || 'as a whole'}: ${issue?.message}`) };
}

/** Outcome of an event that sending it again would not help. */
export function refused(reason: string): EventOutcome {
  return { Status: 'error', Error: reason };
}
