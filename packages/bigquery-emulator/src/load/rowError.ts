import { writeJson } from './jsonText';

/** Why one row cannot be stored, in the service's words; the reader adds where the row is. */
export class RowError extends Error {}

export function cannotConvert(type: string, path: string, value: unknown): RowError {
  return new RowError(`Could not convert value to ${type}. Field: ${path}; Value: ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return writeJson(value);
}
