import { type Field, fieldNamed, sameName } from '../schema';
import type { Selection } from './selection';

/** One column that a SELECT gives. */
export interface OutputColumn {
  readonly name: string;
  /** Column of the table it stems from; undefined for one that is only computed. */
  readonly source?: Field;
  /** Expression of Transform; undefined for a column that is taken as it is. */
  readonly expression?: string;
}

/**
 * The columns of a SELECT in order (spec 2, section 2.4): those of the table that the destination wants, in the table's
 * order, then the keys of Transform that are none of these, in ascending order. Names are compared without their case, so
 * that a key `Name` transforms the column `name` (section 7, no. 9).
 */
export function outputColumns({ columns, wanted, transform }: Selection): readonly OutputColumn[] {
  const kept = wanted ? columns.filter(({ name }) => fieldNamed(wanted, name)) : columns;
  const given = Object.entries(transform);
  const own = kept.map((source): OutputColumn => {
    const [, expression] = given.find(([key]) => sameName(key, source.name)) ?? [];
    return { name: source.name, source, ...(expression === undefined ? {} : { expression }) };
  });
  const extra = given
    .filter(([key]) => !fieldNamed(kept, key))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, expression]): OutputColumn => ({ name, expression }));
  return [...own, ...extra];
}
