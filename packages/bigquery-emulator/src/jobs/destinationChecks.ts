import type { Partitioned, TableField } from '@bqtail/googlesql-duckdb';
import { fieldNamed, literal, quoted } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import { BigQueryError, invalid } from '../errors';
import { isRequired } from '../fields';

/** A job may repeat how the table is partitioned; it cannot change it. */
export function checkSamePartitioning(known: Partitioned, { timePartitioning, rangePartitioning }: Partitioned): void {
  const wanted = timePartitioning ?? rangePartitioning;
  if (!wanted) return;
  const expected = specification(known);
  const given = specification({ timePartitioning, rangePartitioning });
  if (expected === given) return;
  throw invalid(
    `Incompatible table partitioning specification. Expects partitioning specification ${expected}, but input partitioning specification is ${given}`,
  );
}

/** The partitioning of a table in the service's words. */
export function specification({ timePartitioning, rangePartitioning }: Partitioned): string {
  if (timePartitioning) {
    const type = (timePartitioning.type ?? 'DAY').toLowerCase();
    return `interval(type:${type}${timePartitioning.field ? `,field:${timePartitioning.field}` : ''})`;
  }
  return rangePartitioning ? `range(field:${rangePartitioning.field})` : 'none';
}

/** A source of nullable columns may hold NULL where the table wants a value. */
export async function checkRequired(
  transaction: Transaction,
  relation: string,
  fields: readonly TableField[],
  given: readonly TableField[],
): Promise<void> {
  const doubtful = fields.filter((field) => {
    const source = fieldNamed(given, field.name);
    return isRequired(field) && source && !isRequired(source);
  });
  if (doubtful.length === 0) return;
  const empty = doubtful.map((field) => `WHEN ${quoted(field.name)} IS NULL THEN ${literal(field.name)}`);
  const sql = `SELECT CASE ${empty.join(' ')} END AS field FROM ${relation} WHERE field IS NOT NULL LIMIT 1`;
  const reader = await transaction.connection.runAndReadAll(sql);
  if (reader.currentRowCount === 0) return;
  throw new BigQueryError(400, 'invalidQuery', `Required field ${String(reader.value(0, 0))} cannot be null`);
}
