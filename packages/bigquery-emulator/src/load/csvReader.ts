import type { Readable } from 'node:stream';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, typeOf } from '@bqtail/googlesql-duckdb';
import { invalid } from '../errors';
import { isRequired } from '../fields';
import type { BadRecords } from './badRecords';
import { type CsvOptions, type CsvRecord, csvRecords } from './csvRecords';
import { rowProblem } from './fileError';
import { parseJson } from './jsonText';
import { RowError } from './rowError';
import type { RowSink } from './rowSink';
import { type Fragment, scalarCoercion } from './scalars';

/** Reads CSV rows into `sink`; rows that do not match the fields go to `bad`. */
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
        if (options.byName && rows === options.skip) columns = columnsByName(columns, record.values, options);
        continue;
      }
      try {
        if (record.problem) {
          throw new RowError(
            `Error detected while parsing row starting at position: {start}. Error: ${record.problem}`,
          );
        }
        sink.add(rowFragment(record, columns, options));
      } catch (error) {
        const problem = rowProblem(error).replace('{start}', String(record.start));
        bad.add({ uri, rows: rows - options.skip, message: problem });
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

/** The columns in the order of the names in the file. @throws RowError when the table lacks one. */
function columnsByName(
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

/** The canonical row of a record. @throws RowError whose message has `{start}` for the position of the record. */
function rowFragment(record: CsvRecord, columns: readonly (Column | undefined)[], options: CsvOptions): Fragment {
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

/** Whether a value is NULL: a null marker is, unless it is empty and quoted. */
function isNull(text: string, quoted: boolean, isText: boolean, markers: readonly string[] | undefined): boolean {
  if (markers?.includes(text)) return !quoted || text !== '';
  // Any other empty value is NULL, except in STRING and BYTES columns.
  return text === '' && !isText;
}

function sqlType(field: TableField): string {
  const type = typeOf(field);
  return type === 'INTEGER' ? 'INT64' : type === 'FLOAT' ? 'DOUBLE' : type === 'BOOLEAN' ? 'BOOL' : type;
}

/** Converts a CSV value of this field to canonical JSON. @throws BigQueryError when CSV cannot hold the field's type. */
function columnReader(field: TableField): (text: string) => Fragment {
  const coerce = scalarCoercion(field);
  if (typeOf(field) === 'RECORD' || isRepeated(field)) {
    throw invalid(`CSV cannot hold nested or repeated data: field ${field.name}.`);
  }
  if (typeOf(field) === 'JSON') {
    return (text) => coerce(parseJson(text), field.name);
  }
  return (text) => coerce(text, field.name);
}
