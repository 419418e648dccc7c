import { invalid } from '../errors';

/** What a request of a resumable upload contains. */
export type UploadRange =
  /** No bytes: the client asks how much has arrived. Ends the upload when the total has arrived. */
  | { readonly kind: 'query'; readonly total?: number | undefined }
  /** Bytes from `start` on. Without a total the upload continues, unless this is its `last` request. */
  | { readonly kind: 'bytes'; readonly start: number; readonly total?: number | undefined; readonly last: boolean };

/**
 * Reads the header Content-Range of an upload.
 *
 * @example parseContentRange('bytes 0-262143/*') // { kind: 'bytes', start: 0, last: false }
 */
export function parseContentRange(header: string | undefined): UploadRange {
  if (header === undefined) return { kind: 'bytes', start: 0, last: true };
  const [, range, start, end, size] = /^bytes (\*|(\d+)-(\d+|\*))\/(\d+|\*)$/.exec(header.trim()) ?? [];
  if (range === undefined) throw invalid(`Failed to parse Content-Range header: ${header}`);
  const total = size === undefined || size === '*' ? undefined : Number(size);
  if (start === undefined) return { kind: 'query', total };
  // A client that streams an unknown length sends `bytes 0-*/*`: the end of the body is the end of the upload.
  return { kind: 'bytes', start: Number(start), total, last: end === '*' };
}
