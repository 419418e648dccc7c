import type { Destination } from '../rules/types';

/** How rows join those that are there. */
export type WriteDisposition = 'WRITE_APPEND' | 'WRITE_TRUNCATE' | 'WRITE_EMPTY';

/** Disposition of a load straight into its destination: the load attribute, else as Override says (spec 2, section 1.2). */
export function directDisposition({ load, override }: Destination): string {
  return load.writeDisposition ?? (override ? 'WRITE_TRUNCATE' : 'WRITE_APPEND');
}

/**
 * Disposition of a load into its temporary table, which is new and empty. Where fields may be added it appends, because
 * BigQuery adds none to a whole table that it truncates.
 */
export function temporaryDisposition({ load }: Destination): string {
  if ((load.schemaUpdateOptions?.length ?? 0) > 0) return 'WRITE_APPEND';
  return load.writeDisposition ?? 'WRITE_TRUNCATE';
}

/** Disposition of the way out of a temporary table; WRITE_EMPTY is honoured (spec 2, section 7, no. 20). */
export function transferDisposition({ load, override }: Destination): WriteDisposition {
  if (override !== undefined) return override ? 'WRITE_TRUNCATE' : 'WRITE_APPEND';
  const given = load.writeDisposition || 'WRITE_APPEND';
  if (given === 'WRITE_APPEND' || given === 'WRITE_EMPTY') return given;
  return 'WRITE_TRUNCATE';
}
