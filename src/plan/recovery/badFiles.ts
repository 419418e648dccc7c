import { classOf } from '../../errorClass';
import type { JobError } from '../job';
import type { FileClass } from './rejected';

/** A file that made a load job fail, according to the job's errors. */
export interface BadFile {
  readonly url: string;
  readonly class: FileClass;
  readonly reason: string;
  readonly message: string;
  /** Number of the bad row in the file, from 1. */
  readonly row?: number;
  /** Byte offset of the bad row. */
  readonly position?: number;
  /** Column; a dotted path if nested. */
  readonly column?: string;
}

/**
 * The bad files in a job's list of errors, each once, in the order of the list. As in viant/bqtail, the class is
 * `invalidSchema` if the message of any entry about the file contains `field` or `schema`. Unlike there, the URL of the file
 * does not count.
 *
 * @param errors `status.errors` of the job.
 * @param isSource whether a URL is one of the job's sources; entries about other URLs are ignored.
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

/**
 * The URL that an entry is about: its location. Entries about missing files have no location, but the URL in the message.
 */
function locationOf({ location, message }: JobError): string | undefined {
  if (location?.startsWith('gs://')) return location;
  return /gs:\/\/.+?(?=\s*$)/s.exec(message.replace('/bigstore', 'gs:/'))?.[0];
}

function badFile(url: string, entries: readonly JobError[]): BadFile {
  const texts = entries.map(({ message }) => withoutUrl(message, url));
  const schema = texts.some((text) => /field|schema/i.test(text));
  const missing = entries.some((entry) => classOf(entry) === 'missing');
  const [best] = entries.toSorted((one, other) => precision(other) - precision(one));
  const row = captured(texts, /\bRows: (\d+)/);
  const position = captured(texts, /starting at position:? (\d+)/);
  const column = captured(texts, COLUMN);
  return {
    url,
    class: schema ? 'invalidSchema' : missing ? 'missing' : 'corrupted',
    reason: best?.reason ?? '',
    message: best?.message ?? '',
    row: row === undefined ? undefined : Number(row),
    position: position === undefined ? undefined : Number(position),
    column,
  };
}

const COLUMN =
  /(?:No such field: |Missing required field: |Field: |for field |non-repeated field: |This field: )([\w.]*\w)/;

/**
 * Rank of an entry: an entry about a row is more precise than one about the file, and that than one with a count of errors.
 */
function precision({ message }: JobError): number {
  return /giving up/.test(message) ? 0 : /position/.test(message) ? 2 : 1;
}

function withoutUrl(message: string, url: string): string {
  return message.replaceAll(url, '').replaceAll(url.replace('gs:/', '/bigstore'), '');
}

function captured(texts: readonly string[], pattern: RegExp): string | undefined {
  for (const text of texts) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined) return value;
  }
  return undefined;
}
