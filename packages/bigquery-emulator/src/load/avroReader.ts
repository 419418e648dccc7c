import { setImmediate as turn } from 'node:timers/promises';
import type { TableField } from '@bqtail/googlesql-duckdb';
import type { Type } from 'avsc';
import { normalSchema } from '../fields';
import type { ObjectSource, SourceObject } from '../storage/objects';
import { AvroError, openContainer } from './avroContainer';
import { type AvroColumn, type AvroOptions, avroColumns, avroType } from './avroTypes';
import { fileError } from './fileError';
import type { RecordCoercion } from './records';
import type { RowSink } from './rowSink';

/** Schema of Avro files: as at the service, that of the last file by name. */
export async function schemaOfAvro(
  objects: ObjectSource,
  sources: readonly SourceObject[],
  options: AvroOptions,
): Promise<TableField[]> {
  const [last] = [...sources].sort((one, two) => (one.uri < two.uri ? 1 : -1));
  if (!last) return [];
  return inFile(last.uri, async () => {
    const { schema } = openContainer(await objects.download(last));
    return normalSchema(avroColumns(schema, options).map((column) => column.field));
  });
}

/**
 * Reads the records of an Avro file into `sink`.
 *
 * @throws BigQueryError that names the file when it is invalid or a record does not match the schema.
 */
export async function readAvroRows(
  file: Buffer,
  uri: string,
  options: AvroOptions,
  coercion: RecordCoercion,
  sink: RowSink,
): Promise<void> {
  await inFile(uri, async () => {
    const { schema, blocks } = openContainer(file);
    const columns = avroColumns(schema, options);
    const type = avroType(JSON.parse(JSON.stringify(schema)));
    for (const { count, data } of blocks) {
      let position = 0;
      for (let record = 0; record < count; record++) {
        const { value, offset } = decoded(type, data, position);
        sink.add(coercion.row(plainRow(columns, value)));
        position = offset;
      }
      await sink.drained();
      await turn();
    }
  });
}

function decoded(type: Type, data: Buffer, position: number): { value: unknown; offset: number } {
  try {
    const { value, offset } = type.decode(data, position);
    if (offset >= 0) return { value, offset };
  } catch {
    // The data do not match the schema. The service reports this as the error below.
  }
  throw new AvroError('The Apache Avro library failed to read data with the following error: EOF reached');
}

function plainRow(columns: readonly AvroColumn[], record: unknown): object {
  if (typeof record !== 'object' || record === null) throw new AvroError('A row must be a record');
  return Object.fromEntries(columns.map(({ field, read }) => [field.name, read(Reflect.get(record, field.name))]));
}

async function inFile<T>(uri: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, uri);
  }
}
