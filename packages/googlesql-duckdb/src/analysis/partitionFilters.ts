import { SqlError } from '../errors';

interface Required {
  /** The partition's column, under each name that it has on its way through the statement. */
  readonly columns: Set<string>;
  readonly message: string;
  met: boolean;
}

/**
 * Tables that a statement must filter by their partition. A filter counts wherever it stands: the service moves filters
 * into subqueries, too.
 */
export class PartitionFilters {
  readonly #required: Required[] = [];

  require(column: string, message: string): void {
    this.#required.push({ columns: new Set([column]), message, met: false });
  }

  /** Takes a condition in: what it names is filtered by. */
  meet(condition: string): void {
    for (const place of this.within(condition)) (this.#required[place] as Required).met = true;
  }

  /** Which partitions an expression names. */
  within(sql: string): number[] {
    return this.#required.flatMap(({ columns }, place) =>
      [...columns].some((column) => sql.includes(column)) ? [place] : [],
    );
  }

  /** A column that names partitions goes on under another name. */
  rename(places: readonly number[] | undefined, sql: string): void {
    for (const place of places ?? []) this.#required[place]?.columns.add(sql);
  }

  /** @throws SqlError when a table is left without its filter. */
  check(): void {
    const left = this.#required.find(({ met }) => !met);
    if (left !== undefined) throw new SqlError('invalidQuery', left.message);
  }
}
