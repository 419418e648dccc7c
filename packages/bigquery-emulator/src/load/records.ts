import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, typeOf } from '@bqtail/googlesql-duckdb';
import { isRequired } from '../fields';
import { keyOf, NumberText } from './jsonText';
import { RowError } from './rowError';
import { type Fragment, type ScalarCoercion, scalarCoercion } from './scalars';

type Coercion = (value: unknown, path: string) => Fragment;

interface Member {
  readonly field: TableField;
  readonly path: string;
  /** The member's name with its colon, as JSON. */
  readonly label: string;
  readonly coerce: Coercion;
  /** Whether null is a value, not the absence of one. */
  readonly takesNull: boolean;
}

/** Options for reading rows. */
export interface RecordOptions {
  readonly ignoreUnknownValues: boolean;
  /** Whether null in a JSON column is the JSON value null. Otherwise it is NULL. */
  readonly jsonNulls?: boolean;
  /** Conversion of scalars, if it is not that of load jobs (`scalarCoercion`). */
  readonly coerceScalar?: (field: TableField) => ScalarCoercion;
}

/**
 * Reads rows of one schema: finds each member in any case of its name, checks it as the service does, and writes the row as
 * canonical JSON, which DuckDB reads without interpreting values.
 */
export class RecordCoercion {
  private readonly members: readonly Member[];
  private readonly byName = new Map<string, number>();

  constructor(
    fields: readonly TableField[],
    private readonly options: RecordOptions,
    path = '',
  ) {
    this.members = fields.map((field) => ({
      field,
      path: path + field.name,
      label: `${JSON.stringify(field.name)}:`,
      coerce: this.coercion(field, path + field.name),
      takesNull: takesNull(field, options) && !isRepeated(field),
    }));
    for (const [place, field] of fields.entries()) {
      this.byName.set(field.name, place);
      this.byName.set(field.name.toLowerCase(), place);
    }
  }

  /** The canonical row. @throws RowError when the record does not match the schema. */
  row(record: object, path = ''): Fragment {
    const values = new Array<unknown>(this.members.length);
    for (const name in record) {
      const place = this.byName.get(name) ?? this.byName.get(name.toLowerCase());
      if (place === undefined) {
        this.checkUnknown(name, path);
        continue;
      }
      if (values[place] !== undefined) throw repeatedKey(path + name);
      const value: unknown = Reflect.get(record, name);
      values[place] = value;
    }
    let json = '';
    let bytes = 0;
    for (const [place, member] of this.members.entries()) {
      const value = values[place];
      if (value === undefined || (value === null && !member.takesNull)) {
        if (isRequired(member.field)) throw missingValue(member, value);
        if (isRepeated(member.field)) json += `${json === '' ? '' : ','}${member.label}[]`;
        continue;
      }
      const fragment = member.coerce(value, member.path);
      json += (json === '' ? '' : ',') + member.label + fragment.json;
      bytes += fragment.bytes;
    }
    return { json: `{${json}}`, bytes };
  }

  /** @throws RowError when no column takes the value of this key. */
  private checkUnknown(key: string, path: string): void {
    const { name, repeated } = keyOf(key);
    if (repeated && this.byName.has(name.toLowerCase())) throw repeatedKey(path + name);
    if (!this.options.ignoreUnknownValues) throw new RowError(`No such field: ${path}${name}.`);
  }

  private coercion(field: TableField, path: string): Coercion {
    const single = typeOf(field) === 'RECORD' ? this.record(field, path) : this.scalar(field);
    if (!isRepeated(field)) return single;
    return (value) => {
      if (!Array.isArray(value)) throw new RowError(`Repeated field must be imported as a JSON array. Field: ${path}.`);
      let json = '';
      let bytes = 0;
      for (const item of value) {
        if (item === null && !takesNull(field, this.options))
          throw new RowError(`Only optional fields can be set to NULL. Field: ${path}; Value: NULL`);
        const fragment = single(item, path);
        json += (json === '' ? '' : ',') + fragment.json;
        bytes += fragment.bytes;
      }
      return { json: `[${json}]`, bytes };
    };
  }

  private scalar(field: TableField): Coercion {
    const coerce = (this.options.coerceScalar ?? scalarCoercion)(field);
    if (typeOf(field) === 'JSON') return coerce;
    return (value, path) => {
      if (typeof value !== 'object' || value instanceof NumberText) return coerce(value, path);
      if (Array.isArray(value)) throw new RowError(`Array specified for non-repeated field: ${path}.`);
      return coerce(value, path);
    };
  }

  private record(field: TableField, path: string): Coercion {
    const inner = new RecordCoercion(field.fields ?? [], this.options, `${path}.`);
    return (value) => {
      if (Array.isArray(value)) throw new RowError(`Array specified for non-repeated field: ${path}.`);
      if (typeof value !== 'object' || value === null || value instanceof NumberText) {
        throw new RowError(`This field: ${path} is not a record.`);
      }
      return inner.row(value, `${path}.`);
    };
  }
}

/** Whether null is a value of the field's type: the JSON value null is not SQL's NULL. */
function takesNull(field: TableField, { jsonNulls }: RecordOptions): boolean {
  return jsonNulls === true && typeOf(field) === 'JSON';
}

function repeatedKey(path: string): RowError {
  return new RowError(`Multiple definition of field: ${path}.`);
}

function missingValue(member: Member, value: unknown): RowError {
  return value === null
    ? new RowError(`Only optional fields can be set to NULL. Field: ${member.path}; Value: NULL`)
    : new RowError(`Missing required field: ${member.path}.`);
}
