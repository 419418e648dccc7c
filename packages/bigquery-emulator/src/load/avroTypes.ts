import type { TableField } from '@bqtail/googlesql-duckdb';
import avro from 'avsc';
import { AvroError } from './avroContainer';
import { decimalOf, type FromAvro, LOGICAL_TYPES, PLAIN_TYPES, textOf } from './avroValues';
import type { DecimalType } from './decimals';

/** A column of an Avro file: its field, and the conversion of its values. */
export interface AvroColumn {
  readonly field: TableField;
  readonly read: FromAvro;
}

interface Member {
  readonly name: string;
  readonly type: unknown;
}

/** Longs as bigint, because numbers would lose digits. */
const longs = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: (value: number | string) => BigInt(value),
  toJSON: (value: bigint) => value.toString(),
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (one: bigint, two: bigint) => (one < two ? -1 : one > two ? 1 : 0),
});

/** The exact type for longs, also for those with a logical type. */
function exactLong(schema: avro.Schema): avro.Type | undefined {
  return schema === 'long' || property(schema, 'type') === 'long' ? longs : undefined;
}

/** The library's type for a schema. Longs are exact, and values of unions are wrapped with the name of their type. */
export function avroType(schema: avro.Schema): avro.Type {
  return avro.Type.forSchema(schema, { typeHook: exactLong, wrapUnions: 'always', omitRecordMethods: true });
}

/** Options for the types of an Avro file. */
export interface AvroOptions {
  /** Whether logical types become DATE, NUMERIC and so on, or stay numbers and bytes. */
  readonly logicalTypes: boolean;
  readonly decimalType: DecimalType;
}

/** Columns of an Avro schema. @throws AvroError when it is not a record, or has a type without a BigQuery type. */
export function avroColumns(schema: unknown, options: AvroOptions): AvroColumn[] {
  const types = new AvroTypes(options);
  const members = membersOf(schema);
  if (!members) throw new AvroError('The Apache Avro library failed to parse the header: the schema must be a record');
  types.define(schema);
  return members.map((member) => types.column(member));
}

function membersOf(schema: unknown): Member[] | undefined {
  const fields = property(schema, 'fields');
  if (property(schema, 'type') !== 'record' || !Array.isArray(fields)) return undefined;
  return fields.map((field: unknown) => ({ name: String(property(field, 'name')), type: property(field, 'type') }));
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

class AvroTypes {
  private readonly byName = new Map<string, unknown>();
  /** Records whose members are being read. */
  private readonly open = new Set<unknown>();

  constructor(private readonly options: AvroOptions) {}

  /** Stores named types, to which a schema may refer by name later. */
  define(schema: unknown): void {
    const name = property(schema, 'name');
    const kind = property(schema, 'type');
    if (typeof name !== 'string' || (kind !== 'record' && kind !== 'enum' && kind !== 'fixed')) return;
    const namespace = property(schema, 'namespace');
    this.byName.set(name, schema);
    if (typeof namespace === 'string') this.byName.set(`${namespace}.${name}`, schema);
  }

  column({ name, type }: Member): AvroColumn {
    if (Array.isArray(type)) return this.unionColumn(name, type);
    const { field, read } = this.singleColumn(name, type);
    return { field: { mode: 'REQUIRED', ...field }, read };
  }

  private unionColumn(name: string, branches: readonly unknown[]): AvroColumn {
    const others = branches.filter((branch) => branch !== 'null');
    const [only] = others;
    if (others.length === 1) {
      const { field, read } = this.singleColumn(name, only);
      const optional = field.mode === 'REPEATED' ? field : { ...field, mode: 'NULLABLE' };
      return { field: optional, read: (value) => (value === null ? null : read(wrapped(value)[1])) };
    }
    // A union of several types becomes a record with one member per type, of which one is set.
    const columns = new Map(
      others.map((branch) => {
        const key = this.branchName(branch);
        return [key, this.singleColumn(`${key.split('.').at(-1)}_value`, branch)];
      }),
    );
    const fields = [...columns.values()].map(({ field }) => ({ mode: 'NULLABLE', ...field }));
    const read: FromAvro = (value) => {
      if (value === null) return null;
      const [key, inner] = wrapped(value);
      const column = columns.get(key);
      return column ? { [column.field.name]: column.read(inner) } : null;
    };
    return { field: { name, type: 'RECORD', mode: 'NULLABLE', fields }, read };
  }

  private branchName(branch: unknown): string {
    if (typeof branch === 'string') return branch;
    const [name, namespace] = [property(branch, 'name'), property(branch, 'namespace')];
    if (typeof name !== 'string') return String(property(branch, 'type'));
    return typeof namespace === 'string' ? `${namespace}.${name}` : name;
  }

  private singleColumn(name: string, given: unknown): AvroColumn {
    const type = typeof given === 'string' ? (this.byName.get(given) ?? given) : given;
    this.define(type);
    const inner = property(type, 'type');
    if (typeof inner === 'object' && inner !== null) return this.singleColumn(name, inner);
    const kind = typeof type === 'string' ? type : String(inner);
    const members = membersOf(type);
    if (members) {
      if (this.open.has(type)) {
        throw new AvroError(
          `The Apache Avro library failed to parse the header: recursive type ${String(property(type, 'name'))} is not supported`,
        );
      }
      this.open.add(type);
      const column = this.recordColumn(name, members);
      this.open.delete(type);
      return column;
    }
    if (kind === 'array') return this.arrayColumn(name, property(type, 'items'));
    if (kind === 'map') return this.mapColumn(name, property(type, 'values'));
    const scalar = this.logicalType(type) ?? PLAIN_TYPES[kind];
    if (!scalar) throw new AvroError(`The Apache Avro library failed to parse the header: unknown type ${kind}`);
    return { field: { name, type: scalar[0] }, read: scalar[1] };
  }

  private logicalType(type: unknown): [string, FromAvro] | undefined {
    const logical = property(type, 'logicalType');
    if (typeof logical !== 'string') return undefined;
    if (logical === 'decimal' && this.options.logicalTypes) {
      const [precision, scale] = [Number(property(type, 'precision') ?? 38), Number(property(type, 'scale') ?? 0)];
      const target = this.options.decimalType(precision, scale);
      const read = decimalOf(scale);
      return [target, target === 'STRING' ? (value) => textOf(read(value)) : read];
    }
    return this.options.logicalTypes ? LOGICAL_TYPES[logical] : undefined;
  }

  private recordColumn(name: string, members: readonly Member[]): AvroColumn {
    const columns = members.map((member) => this.column(member));
    const read: FromAvro = (value) =>
      Object.fromEntries(columns.map((column) => [column.field.name, column.read(property(value, column.field.name))]));
    return { field: { name, type: 'RECORD', fields: columns.map((column) => column.field) }, read };
  }

  private arrayColumn(name: string, items: unknown): AvroColumn {
    const { field, read } = Array.isArray(items) ? this.unionColumn(name, items) : this.singleColumn(name, items);
    if (field.mode === 'REPEATED') throw new AvroError(`Arrays of arrays are not supported: field ${name}`);
    return { field: { ...field, mode: 'REPEATED' }, read: (value) => (Array.isArray(value) ? value.map(read) : value) };
  }

  private mapColumn(name: string, values: unknown): AvroColumn {
    const value = this.column({ name: 'value', type: values });
    const fields = [{ name: 'key', type: 'STRING', mode: 'REQUIRED' }, value.field];
    const read: FromAvro = (map) =>
      typeof map === 'object' && map !== null
        ? Object.entries(map).map(([key, inner]: [string, unknown]) => ({ key, value: value.read(inner) }))
        : map;
    return { field: { name, type: 'RECORD', mode: 'REPEATED', fields }, read };
  }
}

/** The name of the type, and the value, of a wrapped value of a union. */
function wrapped(value: unknown): [string, unknown] {
  const [entry] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entry ?? ['', value];
}
