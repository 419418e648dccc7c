import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, typeOf } from '@bqtail/googlesql-duckdb';
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { isRequired } from '../fields';
import { avroType } from '../load/avroTypes';
import { AvroContainerWriter } from './avroContainer';
import { exportText } from './exportText';
import type { ExtractWriter } from './extractWriter';

interface NamedType {
  readonly type: string;
  readonly name?: string;
  readonly [attribute: string]: unknown;
}

/** A column in an Avro file: its type, and the conversion of DuckDB's values for the Avro library. */
interface AvroField {
  readonly schema: string | NamedType;
  readonly value: (value: DuckDBValue) => unknown;
}

/**
 * Writes Avro files as the service does.
 *
 * @param logical whether DATE and DATETIME are written with Avro's logical types, not as strings.
 */
export function avroWriter(fields: readonly TableField[], compression: string, logical: boolean): ExtractWriter {
  const columns = fields.map((field) => [field, avroField(field, logical, 'Root')] as const);
  const schema = recordSchema('Root', columns);
  const type = avroType(JSON.parse(JSON.stringify(schema)));
  const container = new AvroContainerWriter(schema, compression === 'NONE' ? 'null' : compression.toLowerCase());
  return async (connection, select, path) => {
    async function* parts(): AsyncGenerator<Buffer> {
      yield container.header();
      const result = await connection.stream(select);
      for await (const rows of result.yieldRows()) {
        if (rows.length > 0) yield container.block(rows.map((row) => type.toBuffer(recordOf(row))));
      }
    }
    const recordOf = (row: readonly DuckDBValue[]) =>
      Object.fromEntries(columns.map(([field, { value }], place) => [field.name, value(row[place] ?? null)]));
    await pipeline(Readable.from(parts()), createWriteStream(path));
  };
}

interface AvroMember {
  /** Type of the member, or a union of it with null. */
  readonly schema: unknown;
  readonly value: (value: DuckDBValue) => unknown;
}

function recordSchema(name: string, columns: readonly (readonly [TableField, AvroMember])[]) {
  const fields = columns.map(([field, { schema }]) => ({ name: field.name, type: schema }));
  return { type: 'record', name, fields };
}

function avroField(field: TableField, logical: boolean, path: string): AvroMember {
  const single = typeOf(field) === 'RECORD' ? recordField(field, logical, path) : scalarField(field, logical);
  if (isRepeated(field)) {
    const value = (list: DuckDBValue) => (list instanceof DuckDBListValue ? list.items.map(single.value) : []);
    return { schema: { type: 'array', items: single.schema }, value };
  }
  if (isRequired(field)) return single;
  // The library needs values of unions wrapped with the name of their type, because it cannot find the type of a bigint.
  const branch = typeof single.schema === 'string' ? single.schema : (single.schema.name ?? single.schema.type);
  return {
    schema: ['null', single.schema],
    value: (value) => (value === null ? null : { [branch]: single.value(value) }),
  };
}

function recordField(field: TableField, logical: boolean, path: string): AvroField {
  const name = `${path}_${field.name}`;
  const members = (field.fields ?? []).map((inner) => [inner, avroField(inner, logical, name)] as const);
  const value = (struct: DuckDBValue): unknown => {
    const values = struct instanceof DuckDBStructValue ? Object.values(struct.entries) : [];
    return Object.fromEntries(
      members.map(([inner, member], place) => [inner.name, member.value(values[place] ?? null)]),
    );
  };
  return { schema: recordSchema(name, members), value };
}

function scalarField(field: TableField, logical: boolean): AvroField {
  const plain = (value: DuckDBValue): unknown => value;
  const text = (value: DuckDBValue): string => exportText(value, field);
  switch (typeOf(field)) {
    case 'INTEGER':
      return { schema: 'long', value: plain };
    case 'FLOAT':
      return { schema: 'double', value: plain };
    case 'BOOLEAN':
      return { schema: 'boolean', value: plain };
    case 'BYTES':
      return {
        schema: 'bytes',
        value: (value) => (value instanceof DuckDBBlobValue ? Buffer.from(value.bytes) : null),
      };
    case 'NUMERIC':
      return { schema: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 9 }, value: decimal(9) };
    case 'BIGNUMERIC':
      return { schema: { type: 'bytes', logicalType: 'decimal', precision: 77, scale: 38 }, value: decimal(38) };
    case 'TIMESTAMP':
      return { schema: { type: 'long', logicalType: 'timestamp-micros' }, value: micros };
    case 'TIME':
      return { schema: { type: 'long', logicalType: 'time-micros' }, value: micros };
    case 'DATE':
      if (!logical) return { schema: { type: 'string', sqlType: 'DATE' }, value: text };
      return {
        schema: { type: 'int', logicalType: 'date' },
        value: (value) => (value instanceof DuckDBDateValue ? value.days : null),
      };
    case 'DATETIME':
      if (!logical) return { schema: { type: 'string', sqlType: 'DATETIME' }, value: text };
      return { schema: { type: 'long', logicalType: 'local-timestamp-micros' }, value: micros };
    case 'STRING':
      return { schema: 'string', value: text };
    default:
      return { schema: { type: 'string', sqlType: typeOf(field) }, value: text };
  }
}

function micros(value: DuckDBValue): bigint | null {
  const hasMicros =
    value instanceof DuckDBTimestampTZValue ||
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimeValue;
  return hasMicros ? value.micros : null;
}

/** Writes a decimal as big-endian two's complement in as few bytes as possible. */
function decimal(scale: number): (value: DuckDBValue) => Buffer | null {
  return (value) => {
    if (!(value instanceof DuckDBDecimalValue)) return null;
    const units = value.value * 10n ** BigInt(scale - value.scale);
    let bytes = 1;
    while (BigInt.asIntN(bytes * 8, units) !== units) bytes++;
    return Buffer.from(
      BigInt.asUintN(bytes * 8, units)
        .toString(16)
        .padStart(bytes * 2, '0'),
      'hex',
    );
  };
}
