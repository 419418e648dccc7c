import { SqlError } from '../errors';

interface Required {
  /** Every SQL name of the partitioning column in the statement: subqueries and aliases rename it. */
  readonly columns: Set<string>;
  readonly message: string;
  met: boolean;
}

/**
 * The tables that a statement must filter by partition (`require_partition_filter`). A filter counts anywhere in the
 * statement, because BigQuery pushes filters down into subqueries.
 */
export class PartitionFilters {
  private readonly required: Required[] = [];

  require(column: string, message: string): void {
    this.required.push({ columns: new Set([column]), message, met: false });
  }

  /** Records a condition: the partitions that it names are filtered. */
  addCondition(condition: string): void {
    for (const place of this.partitionsIn(condition)) (this.required[place] as Required).met = true;
  }

  /** The partitions that an expression names. */
  partitionsIn(sql: string): number[] {
    return this.required.flatMap(({ columns }, place) =>
      [...columns].some((column) => sql.includes(column)) ? [place] : [],
    );
  }

  /** Records another SQL name of a column that names partitions. */
  addName(places: readonly number[] | undefined, sql: string): void {
    for (const place of places ?? []) this.required[place]?.columns.add(sql);
  }

  /** @throws SqlError when a table has no partition filter. */
  check(): void {
    const left = this.required.find(({ met }) => !met);
    if (left !== undefined) throw new SqlError('invalidQuery', left.message);
  }
}
