import { invalid } from '../errors';
import type { TableSize } from '../tableSize';

/** What one file holds at the most: the service's limit. */
const FILE_BYTES = 1e9;
/** What a file of several is meant to hold; those of the service vary. */
const SHARD_BYTES = 64 * 2 ** 20;

/** One file of an extract, and its rows. */
export interface Shard {
  readonly uri: string;
  /** Which of the job's URIs it belongs to. */
  readonly place: number;
  readonly limit: number;
  readonly offset: number;
}

/**
 * The files that a table is written to: rows are dealt out to the URIs evenly; a URI with `*` takes as many files as they
 * need, numbered from 000000000000, at least one.
 *
 * @throws BigQueryError when what a URI without `*` would get is too much for a file.
 */
export function shards(uris: readonly string[], size: TableSize, table: string): Shard[] {
  const share = Math.ceil(size.rows / uris.length);
  const bytesEach = size.bytes / uris.length;
  return uris.flatMap((uri, place) => {
    const first = place * share;
    const rows = Math.max(0, Math.min(share, size.rows - first));
    if (!uri.includes('*')) {
      if (bytesEach > FILE_BYTES) throw tooLarge(table);
      return [{ uri, place, limit: rows, offset: first }];
    }
    const files = Math.max(1, Math.min(rows, Math.ceil(bytesEach / SHARD_BYTES)));
    const limit = Math.ceil(rows / files);
    return Array.from({ length: Math.max(1, Math.ceil(rows / Math.max(1, limit))) }, (_file, number) => ({
      uri: uri.replace('*', String(number).padStart(12, '0')),
      place,
      limit: Math.min(limit, rows - number * limit),
      offset: first + number * limit,
    }));
  });
}

function tooLarge(table: string) {
  return invalid(
    `Table ${table} too large to be exported to a single file. Specify a uri including a * to shard export. ` +
      "See 'Exporting data into one or more files' in https://cloud.google.com/bigquery/docs/exporting-data.",
  );
}
