import {
  dateText,
  datetimeText,
  parseDate,
  parseDatetime,
  parseTime,
  parseTimestamp,
  timeText,
} from '../runtime/timeText';
import { type SqlType, typeName } from '../types';

/** The text of a constant is no valid value of its type. */
export class BadConstant extends Error {}

/**
 * The DuckDB literal for a date, time or range that the query contains as text.
 *
 * @throws BadConstant when the text is no value of the type.
 */
export function constantTime(text: string, type: SqlType): string {
  switch (type.kind) {
    case 'DATE':
      return `DATE '${dateText(checked(parseDate(text), text, type))}'`;
    case 'TIME':
      return `TIME '${timeText(checked(parseTime(text), text, type))}'`;
    case 'DATETIME':
      return `TIMESTAMP '${datetimeText(checked(parseDatetime(text), text, type))}'`;
    default:
      return `TIMESTAMPTZ '${datetimeText(checked(parseTimestamp(text), text, type))}+00'`;
  }
}

function checked<T>(value: T | undefined, text: string, type: SqlType): T {
  if (value === undefined) throw new BadConstant(`Could not cast literal "${text}" to type ${typeName(type)}`);
  return value;
}
