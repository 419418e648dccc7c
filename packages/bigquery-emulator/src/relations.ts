import type { TableField } from '@bqtail/googlesql-duckdb';
import {
  fieldNamed,
  isIngestionTime,
  isRepeated,
  lambdaParameter,
  PARTITION_TIME,
  type Partitioned,
  quoted,
  storedType,
  typeOf,
} from '@bqtail/googlesql-duckdb';
import type { Transaction } from './database';

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
): Promise<void> {
  await alterRelation(transaction, relation, before, after);
  await fillArrays(transaction, relation, before, after);
}

/**
 * `evolveRelation` without values in the new arrays: DuckDB refuses to commit when an ALTER follows a change of rows, so
 * who alters more than once calls `fillArrays` at the end.
 */
export async function alterRelation(
  transaction: Transaction,
  relation: string,
  before: readonly TableField[],
  after: readonly TableField[],
): Promise<void> {
  for (const field of after) {
    const known = fieldNamed(before, field.name);
    const name = quoted(known?.name ?? field.name);
    if (!known) {
      await transaction.run(`ALTER TABLE ${relation} ADD COLUMN ${name} ${storedType(field)}`);
      continue;
    }
    if (isRecord(known) && isRecord(field)) await addMembers(transaction, relation, known, field, name);
    if (widens(known, field)) {
      await transaction.run(`ALTER TABLE ${relation} ALTER COLUMN ${name} TYPE ${storedType(field)}`);
    }
  }
}

/** Gives arrays that `after` has and `before` has not an empty value in the rows that are there. */
export async function fillArrays(
  transaction: Transaction,
  relation: string,
  before: readonly TableField[],
  after: readonly TableField[],
): Promise<void> {
  const filled = after.flatMap((field) => {
    const known = fieldNamed(before, field.name);
    const name = quoted(known?.name ?? field.name);
    return addsArray(known, field) ? [`${name} = ${filledValue(known, field, name, 0)}`] : [];
  });
  if (filled.length > 0) await transaction.run(`UPDATE ${relation} SET ${filled.join(', ')}`);
}

async function addMembers(
  transaction: Transaction,
  relation: string,
  before: TableField,
  after: TableField,
  path: string,
): Promise<void> {
  const inner = isRepeated(before) ? `${path}.element` : path;
  for (const field of after.fields ?? []) {
    const known = fieldNamed(before.fields ?? [], field.name);
    const name = `${inner}.${quoted(known?.name ?? field.name)}`;
    if (!known) await transaction.run(`ALTER TABLE ${relation} ADD COLUMN ${name} ${storedType(field)}`);
    else if (isRecord(known) && isRecord(field)) await addMembers(transaction, relation, known, field, name);
  }
}

const isRecord = (field: TableField): boolean => typeOf(field) === 'RECORD';

/** Is the type another one, apart from new members? DuckDB changes the type of whole columns only. */
function widens(before: TableField, after: TableField): boolean {
  if (!isRecord(before) || !isRecord(after)) return storedType(before) !== storedType(after);
  return (after.fields ?? []).some((field) => {
    const known = fieldNamed(before.fields ?? [], field.name);
    return known !== undefined && widens(known, field);
  });
}

function addsArray(before: TableField | undefined, after: TableField): boolean {
  if (!before) return isRepeated(after);
  return (after.fields ?? []).some((field) => addsArray(fieldNamed(before.fields ?? [], field.name), field));
}

function filledValue(before: TableField | undefined, after: TableField, value: string, depth: number): string {
  if (!addsArray(before, after)) return value;
  if (!before) return storedValue(after, value);
  const one = isRepeated(before) ? lambdaParameter(`element${depth}`) : value;
  const members = (after.fields ?? []).map((field) => {
    const known = fieldNamed(before.fields ?? [], field.name);
    const name = quoted(known?.name ?? field.name);
    return `${name} := ${filledValue(known, field, `${one}.${name}`, depth + 1)}`;
  });
  const packed = `CASE WHEN ${one} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
  return isRepeated(before) ? `list_transform(${value}, lambda ${one}: ${packed})` : packed;
}
