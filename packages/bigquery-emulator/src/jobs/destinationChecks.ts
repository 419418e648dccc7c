import type { Partitioned, TableField } from '@bqtail/googlesql-duckdb';
import { fieldNamed, literal, quoted } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import { BigQueryError, invalid } from '../errors';
import { isRequired } from '../fields';

/** A job may repeat the table's partitioning. @throws BigQueryError when it names another one. */
export function checkSamePartitioning(table: Partitioned, { timePartitioning, rangePartitioning }: Partitioned): void {
  if (!timePartitioning && !rangePartitioning) return;
  const expected = specification(table);
  const given = specification({ timePartitioning, rangePartitioning });
  if (expected === given) return;
  throw invalid(
    `Incompatible table partitioning specification. Expects partitioning specification ${expected}, but input partitioning specification is ${given}`,
  );
}

/** The partitioning of a table as the service's messages describe it. */
export function specification({ timePartitioning, rangePartitioning }: Partitioned): string {
  if (timePartitioning) {
    const type = (timePartitioning.type ?? 'DAY').toLowerCase();
    return `interval(type:${type}${timePartitioning.field ? `,field:${timePartitioning.field}` : ''})`;
  }
  return rangePartitioning ? `range(field:${rangePartitioning.field})` : 'none';
}

/** @throws BigQueryError when NULLABLE columns of the source brought NULL into REQUIRED columns of the table. */
export async function checkRequired(
  transaction: Transaction,
  relation: string,
  fields: readonly TableField[],
  given: readonly TableField[],
): Promise<void> {
  const unchecked = fields.filter((field) => {
    const source = fieldNamed(given, field.name);
    return isRequired(field) && source && !isRequired(source);
  });
  if (unchecked.length === 0) return;
  const empty = unchecked.map((field) => `WHEN ${quoted(field.name)} IS NULL THEN ${literal(field.name)}`);
  const sql = `SELECT CASE ${empty.join(' ')} END AS field FROM ${relation} WHERE field IS NOT NULL LIMIT 1`;
  const reader = await transaction.connection.runAndReadAll(sql);
  if (reader.currentRowCount === 0) return;
  throw new BigQueryError(400, 'invalidQuery', `Required field ${String(reader.value(0, 0))} cannot be null`);
}
