import type { SideInput } from '../../rules/types';
import type { Field } from '../schema';

/** What a generated SELECT reads and writes. */
export interface Selection {
  /** In back-quotes. */
  readonly from: string;
  readonly alias: string;
  /** Columns of `from`. */
  readonly columns: readonly Field[];
  /** Columns of the destination; undefined when unknown: then all of `columns` are wanted. */
  readonly wanted?: readonly Field[];
  /** Column → SQL expression. */
  readonly transform: Readonly<Record<string, string>>;
  readonly uniqueColumns: readonly string[];
  readonly sideInputs: readonly SideInput[];
  /** Text from ` WHERE` on; empty for all rows. */
  readonly where: string;
}
