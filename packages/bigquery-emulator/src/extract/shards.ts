import { invalid } from '../errors';
import type { TableSize } from '../tableSize';

/** The service's limit of a single file. */
const FILE_BYTES = 1e9;
/** Approximate size of the files of a URI with `*`; the service's files vary in size. */
const SHARD_BYTES = 64 * 2 ** 20;

/** One file of an extract, and its rows. */
export interface Shard {
  readonly uri: string;
  /** Index of its URI in the job. */
  readonly place: number;
  readonly limit: number;
  readonly offset: number;
}

/**
 * The files of an extract. The URIs share the rows evenly. A URI with `*` gets as many files as its rows need, at least one,
 * numbered from 000000000000.
 *
 * @throws BigQueryError when the share of a URI without `*` is larger than a file may be.
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
