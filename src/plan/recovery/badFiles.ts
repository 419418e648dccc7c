import { classOf } from '../../errorClass';
import type { JobError } from '../job';
import type { FileClass } from './rejected';

/** A file for which a load job failed, as the job's errors tell. */
export interface BadFile {
  readonly url: string;
  readonly class: FileClass;
  readonly reason: string;
  readonly message: string;
  /** Rows of the file looked at up to the bad one, from 1. */
  readonly row?: number;
  /** Byte at which the bad row begins. */
  readonly position?: number;
  /** Column, dotted when nested. */
  readonly column?: string;
}

/**
 * The bad files that a job's list of errors names (spec 2, section 5.3), each once, in the order of the list. A file belongs
 * to the class `invalidSchema` when any of its entries speaks of a field or schema; unlike in the original, words in the
 * file's own URL do not count.
 *
 * @param errors `status.errors` of the job.
 * @param isSource whether a URL is one of the job's sources; entries about others are passed over.
 * @example badFiles([{ reason: 'notFound', message: 'Not found: URI gs://b/x' }], () => true)[0]?.class // 'missing'
 */
export function badFiles(errors: readonly JobError[], isSource: (url: string) => boolean): readonly BadFile[] {
  const entries = new Map<string, JobError[]>();
  for (const error of errors) {
    const url = locationOf(error);
    if (url !== undefined && isSource(url)) entries.set(url, [...(entries.get(url) ?? []), error]);
  }
  return [...entries].map(([url, list]) => badFile(url, list));
}

/** The URL that an entry is about: its location, else, for a file that is not there, what the message names. */
function locationOf({ location, message }: JobError): string | undefined {
  if (location?.startsWith('gs://')) return location;
  return /gs:\/\/.+?(?=\s*$)/s.exec(message.replace('/bigstore', 'gs:/'))?.[0];
}

function badFile(url: string, entries: readonly JobError[]): BadFile {
  const texts = entries.map(({ message }) => withoutUrl(message, url));
  const schema = texts.some((text) => /field|schema/i.test(text));
  const missing = entries.some((entry) => classOf(entry) === 'missing');
  const told = entries.toSorted((one, other) => detail(other) - detail(one))[0];
  const row = captured(texts, /\bRows: (\d+)/);
  const position = captured(texts, /starting at position:? (\d+)/);
  const column = captured(texts, COLUMN);
  return {
    url,
    class: schema ? 'invalidSchema' : missing ? 'missing' : 'corrupted',
    reason: told?.reason ?? '',
    message: told?.message ?? '',
    ...(row === undefined ? {} : { row: Number(row) }),
    ...(position === undefined ? {} : { position: Number(position) }),
    ...(column === undefined ? {} : { column }),
  };
}

const COLUMN =
  /(?:No such field: |Missing required field: |Field: |for field |non-repeated field: |This field: )([\w.]*\w)/;

/** How much an entry tells: the row is more than the file, the file more than the count. */
function detail({ message }: JobError): number {
  return /giving up/.test(message) ? 0 : /position/.test(message) ? 2 : 1;
}

function withoutUrl(message: string, url: string): string {
  return message.replaceAll(url, '').replaceAll(url.replace('gs:/', '/bigstore'), '');
}

function captured(texts: readonly string[], pattern: RegExp): string | undefined {
  for (const text of texts) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
