import { DuckDBDateValue, DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBTimeValue } from '@duckdb/node-api';
import { DAY_MICROS, splitMicros } from './calendar';
import { define, fail, type RuntimeFunction } from './define';
import { formatTime, momentAt } from './formatTime';
import { parseTimeText } from './parseTime';
import {
  dateText,
  datetimeText,
  parseDate,
  parseDatetime,
  parseTime,
  parseTimestamp,
  timestampText,
  timeText,
} from './timeText';
import { checkedZone } from './zones';

function orFail<T>(value: T | undefined, message: string): T {
  return value ?? fail(message);
}

/** Conversions between texts and times. */
export const TIME_TEXT_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_format_date(STRING, DATE) -> STRING', (format: string, value: DuckDBDateValue) =>
    formatTime(format, { local: BigInt(value.days) * DAY_MICROS, zone: 'UTC', offset: 0n }, 'date'),
  ),
  define('bq_format_datetime(STRING, DATETIME) -> STRING', (format: string, value: DuckDBTimestampValue) =>
    formatTime(format, { local: value.micros, zone: 'UTC', offset: 0n }, 'datetime'),
  ),
  define('bq_format_time(STRING, TIME) -> STRING', (format: string, value: DuckDBTimeValue) =>
    formatTime(format, { local: value.micros, zone: 'UTC', offset: 0n }, 'time'),
  ),
  define(
    'bq_format_timestamp(STRING, TIMESTAMP, STRING) -> STRING',
    (format: string, value: DuckDBTimestampTZValue, zone: string) =>
      formatTime(format, momentAt(value.micros, zone), 'timestamp'),
  ),
  define(
    'bq_parse_date(STRING, STRING) -> DATE',
    (format: string, text: string) => new DuckDBDateValue(splitMicros(parseTimeText(format, text, 'date')).days),
  ),
  define(
    'bq_parse_datetime(STRING, STRING) -> DATETIME',
    (format: string, text: string) => new DuckDBTimestampValue(parseTimeText(format, text, 'datetime')),
  ),
  define(
    'bq_parse_time(STRING, STRING) -> TIME',
    (format: string, text: string) => new DuckDBTimeValue(parseTimeText(format, text, 'time')),
  ),
  define(
    'bq_parse_timestamp(STRING, STRING, STRING) -> TIMESTAMP',
    (format: string, text: string, zone: string) =>
      new DuckDBTimestampTZValue(parseTimeText(format, text, 'timestamp', zone)),
  ),
  define(
    'bq_text_to_date(STRING) -> DATE',
    (text: string) => new DuckDBDateValue(orFail(parseDate(text), `Invalid date: '${text}'`)),
  ),
  define(
    'bq_text_to_time(STRING) -> TIME',
    (text: string) => new DuckDBTimeValue(orFail(parseTime(text), `Invalid time string "${text}"`)),
  ),
  define(
    'bq_text_to_datetime(STRING) -> DATETIME',
    (text: string) => new DuckDBTimestampValue(orFail(parseDatetime(text), `Invalid datetime string "${text}"`)),
  ),
  define(
    'bq_text_to_timestamp(STRING, STRING) -> TIMESTAMP',
    (text: string, zone: string) =>
      new DuckDBTimestampTZValue(orFail(parseTimestamp(text, checkedZone(zone)), `Invalid timestamp: '${text}'`)),
  ),
  define('bq_date_text(DATE) -> STRING', (value: DuckDBDateValue) => dateText(value.days)),
  define('bq_time_text(TIME) -> STRING', (value: DuckDBTimeValue) => timeText(value.micros)),
  define('bq_datetime_text(DATETIME) -> STRING', (value: DuckDBTimestampValue) => datetimeText(value.micros)),
  define('bq_timestamp_text(TIMESTAMP, STRING) -> STRING', (value: DuckDBTimestampTZValue, zone: string) =>
    timestampText(value.micros, zone),
  ),
];
