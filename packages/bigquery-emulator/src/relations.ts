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

/** Columns of a table's relation, for CREATE TABLE. */
export function columnDefinitions(fields: readonly TableField[], table: Partitioned): string {
  const columns = fields.map((field) => `${quoted(field.name)} ${storedType(field)}`);
  if (isIngestionTime(table)) columns.push(`${quoted(PARTITION_TIME)} TIMESTAMPTZ`);
  // BigQuery has tables without columns, DuckDB has not.
  return columns.length > 0 ? columns.join(', ') : '"_empty" BOOLEAN';
}

/** Creates the DuckDB relation for a table's rows. */
export async function createRelation(
  transaction: Transaction,
  relation: string,
  fields: readonly TableField[],
  table: Partitioned,
): Promise<void> {
  await transaction.run(`CREATE TABLE ${relation} (${columnDefinitions(fields, table)})`);
}

/**
 * Column list for INSERT and SELECT.
 *
 * @param partitionTime whether to include the hidden column of the ingestion time.
 */
export function columnList(fields: readonly TableField[], partitionTime = false): string {
  const names = fields.map((field) => quoted(field.name));
  if (partitionTime) names.push(quoted(PARTITION_TIME));
  return names.join(', ');
}

/** A value as it is stored: NULL arrays become empty ones, as BigQuery does not distinguish them. */
export function storedValue(field: TableField, expression: string): string {
  return isRepeated(field) ? `coalesce(${expression}, [])` : expression;
}

/**
 * Alters a table's relation for its new schema: adds new columns and members at any depth, and widens types, for example
 * INTEGER to NUMERIC. It does not drop columns that the new schema lacks.
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
 * `evolveRelation` without values in the new arrays. DuckDB refuses to commit an ALTER after a change of rows; a caller
 * that alters more than once calls `fillArrays` at the end.
 */
export async function alterRelation(
  transaction: Transaction,
  relation: string,
  before: readonly TableField[],
  after: readonly TableField[],
): Promise<void> {
  for (const field of after) {
    const existing = fieldNamed(before, field.name);
    const name = quoted(existing?.name ?? field.name);
    if (!existing) {
      await transaction.run(`ALTER TABLE ${relation} ADD COLUMN ${name} ${storedType(field)}`);
      continue;
    }
    if (isRecord(existing) && isRecord(field)) await addMembers(transaction, relation, existing, field, name);
    if (widens(existing, field)) {
      await transaction.run(`ALTER TABLE ${relation} ALTER COLUMN ${name} TYPE ${storedType(field)}`);
    }
  }
}

/** Sets arrays that are new in `after` to empty in the existing rows. */
export async function fillArrays(
  transaction: Transaction,
  relation: string,
  before: readonly TableField[],
  after: readonly TableField[],
): Promise<void> {
  const filled = after.flatMap((field) => {
    const existing = fieldNamed(before, field.name);
    const name = quoted(existing?.name ?? field.name);
    return addsArray(existing, field) ? [`${name} = ${filledValue(existing, field, name, 0)}`] : [];
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
    const existing = fieldNamed(before.fields ?? [], field.name);
    const name = `${inner}.${quoted(existing?.name ?? field.name)}`;
    if (!existing) await transaction.run(`ALTER TABLE ${relation} ADD COLUMN ${name} ${storedType(field)}`);
    else if (isRecord(existing) && isRecord(field)) await addMembers(transaction, relation, existing, field, name);
  }
}

const isRecord = (field: TableField): boolean => typeOf(field) === 'RECORD';

/** Whether the type of the column changes, apart from new members. DuckDB changes the type of whole columns only. */
function widens(before: TableField, after: TableField): boolean {
  if (!isRecord(before) || !isRecord(after)) return storedType(before) !== storedType(after);
  return (after.fields ?? []).some((field) => {
    const existing = fieldNamed(before.fields ?? [], field.name);
    return existing !== undefined && widens(existing, field);
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
    const existing = fieldNamed(before.fields ?? [], field.name);
    const name = quoted(existing?.name ?? field.name);
    return `${name} := ${filledValue(existing, field, `${one}.${name}`, depth + 1)}`;
  });
  const packed = `CASE WHEN ${one} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
  return isRepeated(before) ? `list_transform(${value}, lambda ${one}: ${packed})` : packed;
}
