import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, lambdaParameter, literal, quoted, storedType, typeOf } from '@bqtail/googlesql-duckdb';
import { storedValue } from '../relations';
import type { RowSink } from './rowSink';

/** Least object size for DuckDB's reader in bytes. */
const SHORT_ROW = 1024 * 1024;

/** The SELECT that reads a file of canonical rows. */
export function selectCanonical(file: Pick<RowSink, 'path' | 'longest'>, fields: readonly TableField[]): string {
  const { path, longest } = file;
  const columns = fields.map((field) => `${literal(field.name)}: ${literal(transportType(field))}`);
  const list = fields.map((field) => storedValue(field, fromTransport(field, quoted(field.name))));
  // Without `records`, DuckDB reads an empty row of a table with one column as the value of that column.
  // DuckDB allocates two buffers of twice the object size per thread, so the size is no larger than the rows need.
  const largest = Math.max(longest + 1, SHORT_ROW);
  const options = `format = 'newline_delimited', records = true, maximum_object_size = ${largest}, columns = {${columns.join(', ')}}`;
  return `SELECT ${list.join(', ')} FROM read_json(${literal(path)}, ${options})`;
}

/**
 * DuckDB expressions for types whose values are texts in the file. BYTES are hexadecimal there, because DuckDB reads a JSON
 * string as its characters' bytes. JSON is a text, because DuckDB reads the JSON value null as NULL.
 */
const FROM_TEXT: Record<string, (text: string) => string> = {
  BYTES: (text) => `from_hex(${text})`,
  JSON: (text) => `CAST(${text} AS JSON)`,
};

function holdsTexts(field: TableField): boolean {
  return FROM_TEXT[typeOf(field)] !== undefined || (field.fields ?? []).some(holdsTexts);
}

/** Type of a column in the file. */
function transportType(field: TableField): string {
  return holdsTexts(field) ? storedType(asText(field)) : storedType(field);
}

function asText(field: TableField): TableField {
  if (FROM_TEXT[typeOf(field)]) return { ...field, type: 'STRING' };
  return field.fields ? { ...field, fields: field.fields.map(asText) } : field;
}

function fromTransport(field: TableField, value: string, depth = 0): string {
  if (!holdsTexts(field)) return value;
  if (isRepeated(field)) {
    const item = lambdaParameter(`element${depth}`);
    return `list_transform(${value}, lambda ${item}: ${fromTransport({ ...field, mode: 'NULLABLE' }, item, depth + 1)})`;
  }
  const fromText = FROM_TEXT[typeOf(field)];
  if (fromText) return fromText(value);
  const members = (field.fields ?? []).map(
    (inner) => `${quoted(inner.name)} := ${fromTransport(inner, `${value}.${quoted(inner.name)}`, depth)}`,
  );
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
}
