import { writeJson } from './jsonText';

/** The reason why one row cannot be stored, in the service's words. The reader adds the position of the row. */
export class RowError extends Error {}

/** The error of a value that cannot be converted to the type of its field. */
export function cannotConvert(type: string, path: string, value: unknown): RowError {
  return new RowError(`Could not convert value to ${type}. Field: ${path}; Value: ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return writeJson(value);
}
