import { invalid } from '../errors';

/** What a request to a resumable upload's address brings. */
export type UploadRange =
  /** Nothing; it asks how much has arrived, and ends the upload when that is all. */
  | { readonly kind: 'query'; readonly total?: number }
  /** Bytes from `start` on. Without a total the upload goes on, unless this is the `last` request of it. */
  | { readonly kind: 'bytes'; readonly start: number; readonly total?: number; readonly last: boolean };

/**
 * Reads the header Content-Range of an upload.
 *
 * @example parseContentRange('bytes 0-262143/*') // { kind: 'bytes', start: 0, last: false }
 */
export function parseContentRange(header: string | undefined): UploadRange {
  if (header === undefined) return { kind: 'bytes', start: 0, last: true };
  const [, range, start, end, size] = /^bytes (\*|(\d+)-(\d+|\*))\/(\d+|\*)$/.exec(header.trim()) ?? [];
  if (range === undefined) throw invalid(`Failed to parse Content-Range header: ${header}`);
  const total = size === undefined || size === '*' ? {} : { total: Number(size) };
  if (start === undefined) return { kind: 'query', ...total };
  // A client that streams an unknown amount sends `bytes 0-*/*`: the end of the body is the end of the upload.
  return { kind: 'bytes', start: Number(start), ...total, last: end === '*' };
}
