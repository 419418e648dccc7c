import type { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { LoadConfiguration } from '../resources';
import { inUtf8 } from './encodings';
import { RowError } from './rowError';

/** Options of a load job for CSV files, with the service's defaults. */
export interface CsvOptions {
  readonly delimiter: string;
  /** Null: nothing is quoted. */
  readonly quote: string | null;
  /** Number of leading rows to skip. */
  readonly skip: number;
  readonly quotedNewlines: boolean;
  readonly jaggedRows: boolean;
  readonly ignoreUnknownValues: boolean;
  readonly nullMarkers: readonly string[] | undefined;
  readonly encoding: string;
  readonly keepsControls: boolean;
  /** Whether columns are matched by the names in the last skipped row, not by their order. */
  readonly byName: boolean;
}

const DELIMITERS: Record<string, string> = { tab: '\t', '\\t': '\t' };

/** The CSV options of a load job. */
export function csvOptions(load: LoadConfiguration): CsvOptions {
  const delimiter = load.fieldDelimiter || ',';
  const markers = load.nullMarkers ?? (load.nullMarker === undefined ? undefined : [load.nullMarker]);
  return {
    delimiter: DELIMITERS[delimiter] ?? delimiter,
    quote: load.quote === undefined ? '"' : load.quote || null,
    skip: Number(load.skipLeadingRows ?? 0),
    quotedNewlines: load.allowQuotedNewlines ?? false,
    jaggedRows: load.allowJaggedRows ?? false,
    ignoreUnknownValues: load.ignoreUnknownValues ?? false,
    nullMarkers: markers,
    encoding: load.encoding || 'UTF-8',
    keepsControls: load.preserveAsciiControlCharacters ?? false,
    byName: load.sourceColumnMatch === 'NAME',
  };
}

/** One record of a CSV file. */
export interface CsvRecord {
  readonly values: string[];
  /** Which values were quoted. */
  readonly quoted: boolean[];
  /** Position of its first byte in the file. */
  readonly start: number;
}

/** Splits a CSV stream into records. @throws RowError when a record is malformed. */
export async function* csvRecords(stream: Readable, options: CsvOptions): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: options.delimiter,
    quote: options.quote,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    // A first character shows whether the value was quoted, because a quoted empty value is not NULL.
    cast: (value, { quoting }) => (quoting ? 'q' : 'u') + value,
  });
  const text = inUtf8(stream, options.encoding);
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let start = 0;
  try {
    for await (const item of parser) {
      const { record, info }: { record: string[]; info: { bytes: number } } = item;
      yield {
        values: record.map((value) => value.slice(1)),
        quoted: record.map((value) => value.startsWith('q')),
        start,
      };
      start = info.bytes;
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    throw new RowError(`starting at position: ${start}: ${quoteProblem(error)}`);
  }
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}

function quoteProblem(error: CsvError): string {
  return error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'Missing close double quote (") character.'
    : 'Data between close double quote (") and field separator.';
}
