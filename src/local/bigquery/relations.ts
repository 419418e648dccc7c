import type { Transaction } from './database';
import { quoted } from './database';
import { isRepeated, storedType, typeOf } from './fields';
import { isIngestionTime, PARTITION_TIME, type Partitioned } from './partitions';
import type { TableField } from './resources';

/** Columns of the relation that holds a table's rows, for CREATE TABLE. */
export function columnDefinitions(fields: readonly TableField[], table: Partitioned): string {
  const columns = fields.map((field) => `${quoted(field.name)} ${storedType(field)}`);
  if (isIngestionTime(table)) columns.push(`${quoted(PARTITION_TIME)} TIMESTAMPTZ`);
  // DuckDB has no table without columns; the service has.
  return columns.length > 0 ? columns.join(', ') : '"_empty" BOOLEAN';
}

export async function createRelation(
  transaction: Transaction,
  relation: string,
  fields: readonly TableField[],
  table: Partitioned,
): Promise<void> {
  await transaction.run(`CREATE TABLE ${relation} (${columnDefinitions(fields, table)})`);
}

/** Column list for INSERT and SELECT, by the schema and with the hidden column when it is wanted. */
export function columnList(fields: readonly TableField[], hidden = false): string {
  const names = fields.map((field) => quoted(field.name));
  if (hidden) names.push(quoted(PARTITION_TIME));
  return names.join(', ');
}

/** An absent array is stored as an empty one, so that no reader has to tell them apart. */
export function storedValue(field: TableField, expression: string): string {
  return isRepeated(field) ? `coalesce(${expression}, [])` : expression;
}

/**
 * Makes the relation of a table follow its new schema: adds what is new, at any depth; widens INTEGER to NUMERIC and the
 * like. Columns that the new schema lacks are left to the caller.
 */
export async function evolveRelation(
  transaction: Transaction,
  relation: string,
  before: readonly TableField[],
  after: readonly TableField[],
  path = '',
): Promise<void> {
  const old = new Map(before.map((field) => [field.name.toLowerCase(), field]));
  for (const field of after) {
    const known = old.get(field.name.toLowerCase());
    const name = path + quoted(known?.name ?? field.name);
    if (!known) {
      const filled = isRepeated(field) && path === '' ? ' DEFAULT []' : '';
      await transaction.run(`ALTER TABLE ${relation} ADD COLUMN ${name} ${storedType(field)}${filled}`);
      if (filled) await transaction.run(`ALTER TABLE ${relation} ALTER COLUMN ${name} DROP DEFAULT`);
    } else if (typeOf(field) === 'RECORD' && typeOf(known) === 'RECORD') {
      const inner = isRepeated(known) ? `${name}.element.` : `${name}.`;
      await evolveRelation(transaction, relation, known.fields ?? [], field.fields ?? [], inner);
    } else if (storedType(known) !== storedType(field)) {
      await transaction.run(`ALTER TABLE ${relation} ALTER COLUMN ${name} TYPE ${storedType(field)}`);
    }
  }
}
