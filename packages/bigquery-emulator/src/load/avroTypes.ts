import type { TableField } from '@bqtail/googlesql-duckdb';
import avro from 'avsc';
import { AvroError } from './avroContainer';
import type { DecimalType } from './decimals';
import { NumberText } from './jsonText';

/** Turns what the Avro library decodes into what rows of JSON would hold. */
type FromAvro = (value: unknown) => unknown;

/** An Avro type as a column: its field, and how its values are read. */
export interface AvroColumn {
  readonly field: TableField;
  readonly read: FromAvro;
}

interface Member {
  readonly name: string;
  readonly type: unknown;
}

/** Longs as bigint, since numbers would lose the last digits of large ones. */
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

/** Also longs with a logical type are exact. */
function exactLong(schema: avro.Schema): avro.Type | undefined {
  return schema === 'long' || property(schema, 'type') === 'long' ? longs : undefined;
}

/** The library's type for a schema: longs are exact, members of unions come with the name of their type. */
export function avroType(schema: avro.Schema): avro.Type {
  return avro.Type.forSchema(schema, { typeHook: exactLong, wrapUnions: 'always', omitRecordMethods: true });
}

/** How types of an Avro file are read. */
export interface AvroOptions {
  /** DATE, NUMERIC and so on for what is written as a number or as bytes. */
  readonly logicalTypes: boolean;
  readonly decimalType: DecimalType;
}

/** Columns of an Avro record. @throws AvroError when the file holds anything else. */
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

const asIs: FromAvro = (value) => value;
const exact: FromAvro = (value) => (typeof value === 'bigint' ? new NumberText(value.toString()) : value);
const base64: FromAvro = (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
const float: FromAvro = (value) => (Number.isFinite(value) ? value : String(value));

const PLAIN: Record<string, [string, FromAvro]> = {
  string: ['STRING', asIs],
  bytes: ['BYTES', base64],
  boolean: ['BOOLEAN', asIs],
  int: ['INTEGER', asIs],
  long: ['INTEGER', exact],
  float: ['FLOAT', float],
  double: ['FLOAT', float],
  fixed: ['BYTES', base64],
  enum: ['STRING', asIs],
};

const DAY_MS = 86_400_000;

const date: FromAvro = (days) => new Date(Number(days) * DAY_MS).toISOString().slice(0, 10);
const timeOf = (perSecond: number): FromAvro => {
  return (value) => clock(Number(value) / perSecond);
};
const momentOf = (toMicros: bigint, zone: string): FromAvro => {
  return (value) => {
    const micros = BigInt(String(value)) * toMicros;
    const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const seconds = Number((micros - fraction) / 1_000_000n);
    const iso = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return `${iso}.${fraction.toString().padStart(6, '0')}${zone}`;
  };
};

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${parts.map((part) => part.toString().padStart(2, '0')).join(':')}.${micros.toString().padStart(6, '0')}`;
}

const LOGICAL: Record<string, [string, FromAvro]> = {
  date: ['DATE', date],
  'time-millis': ['TIME', timeOf(1e3)],
  'time-micros': ['TIME', timeOf(1e6)],
  'timestamp-millis': ['TIMESTAMP', momentOf(1000n, ' UTC')],
  'timestamp-micros': ['TIMESTAMP', momentOf(1n, ' UTC')],
  'local-timestamp-millis': ['DATETIME', momentOf(1000n, '')],
  'local-timestamp-micros': ['DATETIME', momentOf(1n, '')],
};

/** Two's complement, big end first, so many digits behind the point. */
function decimalOf(scale: number): FromAvro {
  return (value) => {
    if (!(value instanceof Uint8Array)) return value;
    const data = Buffer.from(value);
    const units = data.length === 0 ? 0n : BigInt.asIntN(data.length * 8, BigInt(`0x${data.toString('hex')}`));
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    const point = digits.length - scale;
    const text = scale > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
    return new NumberText(units < 0n ? `-${text}` : text);
  };
}

const textOf = (value: unknown): unknown => (value instanceof NumberText ? value.text : value);

class AvroTypes {
  private readonly byName = new Map<string, unknown>();

  constructor(private readonly options: AvroOptions) {}

  /** Remembers named types, since a schema may use them by name later on. */
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
    // Several types: a record with one member for each, of which one is set.
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
    if (members) return this.recordColumn(name, members);
    if (kind === 'array') return this.arrayColumn(name, property(type, 'items'));
    if (kind === 'map') return this.mapColumn(name, property(type, 'values'));
    const known = this.logicalType(type) ?? PLAIN[kind];
    if (!known) throw new AvroError(`The Apache Avro library failed to parse the header: unknown type ${kind}`);
    return { field: { name, type: known[0] }, read: known[1] };
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
    return this.options.logicalTypes ? LOGICAL[logical] : undefined;
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

/** Name of the type and value of a member of a union. */
function wrapped(value: unknown): [string, unknown] {
  const [entry] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entry ?? ['', value];
}
