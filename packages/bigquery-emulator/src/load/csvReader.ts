import type { Readable } from 'node:stream';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, typeOf } from '@bqtail/googlesql-duckdb';
import { type CsvError, parse } from 'csv-parse';
import { invalid } from '../errors';
import { isRequired } from '../fields';
import type { LoadConfiguration } from '../resources';
import type { BadRecords } from './badRecords';
import { inUtf8 } from './encodings';
import { RowError } from './rowError';
import type { RowSink } from './rowSink';
import { type Fragment, scalarCoercion } from './scalars';

export interface CsvOptions {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly skip: number;
  readonly quotedNewlines: boolean;
  readonly jaggedRows: boolean;
  readonly ignoreUnknownValues: boolean;
  readonly nullMarkers: readonly string[] | undefined;
  readonly encoding: string;
  readonly keepsControls: boolean;
  /** Columns are told by the names in the last skipped row, not by their order. */
  readonly byName: boolean;
}

const DELIMITERS: Record<string, string> = { tab: '\t', '\\t': '\t' };

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

/** One record of a CSV file: its texts, and where it begins. */
interface CsvRecord {
  readonly values: string[];
  readonly quoted: boolean[];
  readonly start: number;
}

/** A CSV stream cut into records; a record that cannot be cut ends it with a RowError. */
export async function* csvRecords(stream: Readable, options: CsvOptions): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: options.delimiter,
    quote: options.quote,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    // The first character tells whether the value was quoted: an empty one is no NULL then.
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

/** Reads CSV rows into `sink`, column by column in the order of the fields. */
export async function readCsvRows(
  stream: Readable,
  uri: string,
  fields: readonly TableField[],
  options: CsvOptions,
  sink: RowSink,
  bad: BadRecords,
): Promise<void> {
  let columns: (Column | undefined)[] = fields.map((field) => ({
    field,
    label: `${JSON.stringify(field.name)}:`,
    read: columnReader(field),
  }));
  let rows = 0;
  let count = 0;
  try {
    for await (const record of csvRecords(stream, options)) {
      if (rows++ < options.skip) {
        if (options.byName && rows === options.skip) columns = named(columns, record.values, options);
        continue;
      }
      try {
        sink.add(row(record, columns, options));
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        bad.add({ uri, rows: rows - options.skip, message: error.message.replace('{start}', String(record.start)) });
      }
      if (++count % 500 === 0) await sink.drained();
    }
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    bad.add({ uri, rows: rows + 1, message: `Error detected while parsing row ${error.message}` });
  }
  await sink.drained();
}

interface Column {
  readonly field: TableField;
  readonly label: string;
  readonly read: (text: string) => Fragment;
}

/** The columns in the order of a file's names. @throws RowError when the table has not all of them. */
function named(
  columns: readonly (Column | undefined)[],
  names: readonly string[],
  options: CsvOptions,
): (Column | undefined)[] {
  return names.map((name) => {
    const column = columns.find((one) => one?.field.name.toLowerCase() === name.trim().toLowerCase());
    if (!column && !options.ignoreUnknownValues) throw new RowError(`starting at position: 0: No such field: ${name}.`);
    return column;
  });
}

function row(record: CsvRecord, columns: readonly (Column | undefined)[], options: CsvOptions): Fragment {
  const { values, quoted } = record;
  if (values.length > columns.length && !options.ignoreUnknownValues) {
    throw new RowError(
      `Too many values in row starting at position: {start}. Found ${values.length} column(s) while expected ${columns.length}.`,
    );
  }
  if (values.length < columns.length && !options.jaggedRows) {
    throw new RowError(
      `CSV table references column position ${values.length}, but line starting at position:{start} contains only ${values.length} columns.`,
    );
  }
  let json = '';
  let bytes = 0;
  for (const [place, column] of columns.entries()) {
    if (!column) continue;
    const text = values[place];
    if (text?.includes('\0') && !options.keepsControls) throw new RowError('Bad character (ASCII 0) encountered.');
    const isText = typeOf(column.field) === 'STRING' || typeOf(column.field) === 'BYTES';
    const absent = text === undefined || isNull(text, quoted[place] ?? false, isText, options.nullMarkers);
    if (absent || text === undefined) {
      if (isRequired(column.field)) {
        throw new RowError(
          `Required column value for column index: ${place} is missing in row starting at position: {start}`,
        );
      }
      continue;
    }
    if (text.includes('\n') && !options.quotedNewlines) {
      throw new RowError(
        'Error detected while parsing row starting at position: {start}. Error: Missing close double quote (") character.',
      );
    }
    let fragment: Fragment;
    try {
      fragment = column.read(text);
    } catch {
      const type = sqlType(column.field);
      throw new RowError(
        `Could not parse '${text}' as ${type} for field ${column.field.name} (position ${place}) starting at location {start}`,
      );
    }
    json += (json === '' ? '' : ',') + column.label + fragment.json;
    bytes += fragment.bytes;
  }
  return { json: `{${json}}`, bytes };
}

function isNull(text: string, quoted: boolean, isText: boolean, markers: readonly string[] | undefined): boolean {
  if (markers?.includes(text)) return !quoted || text !== '';
  // An empty text is NULL for what is no text; for texts it is empty, unless nothing is quoted and '' is the marker.
  return text === '' && !isText;
}

function sqlType(field: TableField): string {
  const type = typeOf(field);
  return type === 'INTEGER' ? 'INT64' : type === 'FLOAT' ? 'DOUBLE' : type === 'BOOLEAN' ? 'BOOL' : type;
}

/** Text of a CSV column as a canonical value. */
function columnReader(field: TableField): (text: string) => Fragment {
  const coerce = scalarCoercion(field);
  if (typeOf(field) === 'RECORD' || isRepeated(field)) {
    throw invalid(`CSV cannot hold nested or repeated data: field ${field.name}.`);
  }
  if (typeOf(field) === 'JSON') {
    return (text) => {
      JSON.parse(text);
      return { json: text.replaceAll(/\r?\n/g, ' '), bytes: 2 + Buffer.byteLength(text) };
    };
  }
  return (text) => coerce(text, field.name);
}
