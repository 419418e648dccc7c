import type { Destination } from '../rules/types';

/** What a job does with the existing rows of its table. */
export type WriteDisposition = 'WRITE_APPEND' | 'WRITE_TRUNCATE' | 'WRITE_EMPTY';

/** Write disposition of a direct load: the attribute of the rule, else by `Override`. */
export function directDisposition({ load, override }: Destination): string {
  return load.writeDisposition ?? (override ? 'WRITE_TRUNCATE' : 'WRITE_APPEND');
}

/**
 * Write disposition of a load into its temporary table, which is new and empty. It appends if the load may add columns,
 * because BigQuery accepts schema update options for a whole table only with WRITE_APPEND.
 */
export function temporaryDisposition({ load }: Destination): string {
  if ((load.schemaUpdateOptions?.length ?? 0) > 0) return 'WRITE_APPEND';
  return load.writeDisposition ?? 'WRITE_TRUNCATE';
}

/**
 * Write disposition of a transfer: by `Override`, else the attribute of the rule. WRITE_EMPTY is kept
 * (docs/compatibility.md#partitions).
 */
export function transferDisposition({ load, override }: Destination): WriteDisposition {
  if (override !== undefined) return override ? 'WRITE_TRUNCATE' : 'WRITE_APPEND';
  const attribute = load.writeDisposition || 'WRITE_APPEND';
  if (attribute === 'WRITE_APPEND' || attribute === 'WRITE_EMPTY') return attribute;
  return 'WRITE_TRUNCATE';
}
