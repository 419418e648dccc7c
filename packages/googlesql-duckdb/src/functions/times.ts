import type { FunctionTable } from './signatures';

const second = '1000000::BIGINT';
const milli = '1000::BIGINT';
const micro = '1::BIGINT';

/** Functions of dates and times, except those that read the clock (analysis/special.ts). */
export const TIME_FUNCTIONS: FunctionTable = {
  DATE: [
    ['INT64 INT64 INT64 -> DATE', 'bq_make_date($1, $2, $3)'],
    ['TIMESTAMP STRING? -> DATE', "bq_date_of(bq_local($1, {2|'UTC'}))"],
    ['DATETIME -> DATE', 'bq_date_of($1)'],
    ['DATE -> DATE', '$1'],
    ['STRING -> DATE', 'bq_text_to_date($1)'],
  ],
  DATETIME: [
    [
      'INT64 INT64 INT64 INT64 INT64 INT64 -> DATETIME',
      'bq_datetime_of(bq_make_date($1, $2, $3), bq_make_time($4, $5, $6))',
    ],
    ['DATE TIME -> DATETIME', 'bq_datetime_of($1, $2)'],
    ['TIMESTAMP STRING? -> DATETIME', "bq_local($1, {2|'UTC'})"],
    ['DATE -> DATETIME', 'CAST($1 AS TIMESTAMP)'],
    ['DATETIME -> DATETIME', '$1'],
    ['STRING -> DATETIME', 'bq_text_to_datetime($1)'],
  ],
  TIME: [
    ['INT64 INT64 INT64 -> TIME', 'bq_make_time($1, $2, $3)'],
    ['TIMESTAMP STRING? -> TIME', "bq_time_of(bq_local($1, {2|'UTC'}))"],
    ['DATETIME -> TIME', 'bq_time_of($1)'],
    ['TIME -> TIME', '$1'],
    ['STRING -> TIME', 'bq_text_to_time($1)'],
  ],
  TIMESTAMP: [
    ['STRING STRING? -> TIMESTAMP', "bq_text_to_timestamp($1, {2|'UTC'})"],
    ['DATE STRING? -> TIMESTAMP', "bq_moment(CAST($1 AS TIMESTAMP), {2|'UTC'})"],
    ['DATETIME STRING? -> TIMESTAMP', "bq_moment($1, {2|'UTC'})"],
    ['TIMESTAMP -> TIMESTAMP', '$1'],
  ],
  DATE_ADD: [
    ['DATE STEP -> DATE', 'bq_date_add($1, $2)'],
    ['DATETIME STEP -> DATETIME', 'bq_datetime_add($1, $2)'],
    ['TIMESTAMP STEP -> TIMESTAMP', 'bq_timestamp_add($1, $2)'],
  ],
  DATE_SUB: [
    ['DATE STEP -> DATE', 'bq_date_add($1, -$2)'],
    ['DATETIME STEP -> DATETIME', 'bq_datetime_add($1, -$2)'],
    ['TIMESTAMP STEP -> TIMESTAMP', 'bq_timestamp_add($1, -$2)'],
  ],
  DATETIME_ADD: [['DATETIME STEP -> DATETIME', 'bq_datetime_add($1, $2)']],
  DATETIME_SUB: [['DATETIME STEP -> DATETIME', 'bq_datetime_add($1, -$2)']],
  TIMESTAMP_ADD: [['TIMESTAMP STEP -> TIMESTAMP', 'bq_timestamp_add($1, $2)']],
  TIMESTAMP_SUB: [['TIMESTAMP STEP -> TIMESTAMP', 'bq_timestamp_add($1, -$2)']],
  TIME_ADD: [['TIME STEP -> TIME', 'bq_time_add($1, $2)']],
  TIME_SUB: [['TIME STEP -> TIME', 'bq_time_add($1, -$2)']],
  DATE_DIFF: [
    ['DATE DATE PART -> INT64', 'bq_date_diff($1, $2, $3)'],
    ['DATETIME DATETIME PART -> INT64', 'bq_datetime_diff($1, $2, $3)'],
    ['TIMESTAMP TIMESTAMP PART -> INT64', 'bq_timestamp_diff($1, $2, $3)'],
  ],
  DATETIME_DIFF: [['DATETIME DATETIME PART -> INT64', 'bq_datetime_diff($1, $2, $3)']],
  TIMESTAMP_DIFF: [
    ['TIMESTAMP TIMESTAMP PART -> INT64', 'bq_timestamp_diff($1, $2, $3)'],
    ['DATETIME DATETIME PART -> INT64', 'bq_datetime_diff($1, $2, $3)'],
  ],
  TIME_DIFF: [['TIME TIME PART -> INT64', 'bq_time_diff($1, $2, $3)']],
  DATE_TRUNC: [
    ['DATE PART -> DATE', 'bq_date_trunc($1, $2)'],
    ['DATETIME PART -> DATETIME', 'bq_datetime_trunc($1, $2)'],
    ['TIMESTAMP PART STRING? -> TIMESTAMP', "bq_timestamp_trunc($1, $2, {3|'UTC'})"],
  ],
  DATETIME_TRUNC: [
    ['DATETIME PART -> DATETIME', 'bq_datetime_trunc($1, $2)'],
    ['TIMESTAMP PART STRING? -> TIMESTAMP', "bq_timestamp_trunc($1, $2, {3|'UTC'})"],
  ],
  TIMESTAMP_TRUNC: [
    ['TIMESTAMP PART STRING? -> TIMESTAMP', "bq_timestamp_trunc($1, $2, {3|'UTC'})"],
    ['DATETIME PART -> DATETIME', 'bq_datetime_trunc($1, $2)'],
  ],
  TIME_TRUNC: [['TIME PART -> TIME', 'bq_time_trunc($1, $2)']],
  LAST_DAY: [
    ['DATE PART? -> DATE', "bq_last_day($1, {2|'MONTH'})"],
    ['DATETIME PART? -> DATE', "bq_last_day(bq_date_of($1), {2|'MONTH'})"],
  ],
  DATE_BUCKET: [
    [
      'DATE STEP DATE? -> DATE',
      "bq_date_of(bq_bucket(CAST($1 AS TIMESTAMP), $2, CAST({3|DATE '1950-01-01'} AS TIMESTAMP)))",
    ],
  ],
  DATETIME_BUCKET: [['DATETIME STEP DATETIME? -> DATETIME', "bq_bucket($1, $2, {3|TIMESTAMP '1950-01-01'})"]],
  TIMESTAMP_BUCKET: [
    [
      'TIMESTAMP STEP TIMESTAMP? -> TIMESTAMP',
      "bq_moment(bq_bucket(bq_local($1, 'UTC'), $2, bq_local({3|TIMESTAMPTZ '1950-01-01 00:00:00+00'}, 'UTC')), 'UTC')",
    ],
  ],
  DATE_FROM_UNIX_DATE: [['INT64 -> DATE', 'bq_date_from_unix($1)']],
  UNIX_DATE: [['DATE -> INT64', 'bq_unix_date($1)']],
  UNIX_SECONDS: [['TIMESTAMP -> INT64', `bq_unix_of($1, ${second})`]],
  UNIX_MILLIS: [['TIMESTAMP -> INT64', `bq_unix_of($1, ${milli})`]],
  UNIX_MICROS: [['TIMESTAMP -> INT64', `bq_unix_of($1, ${micro})`]],
  TIMESTAMP_FROM_UNIX_SECONDS: [
    ['INT64 -> TIMESTAMP', `bq_timestamp_of($1, ${second})`],
    ['TIMESTAMP -> TIMESTAMP', '$1'],
  ],
  TIMESTAMP_SECONDS: [['INT64 -> TIMESTAMP', `bq_timestamp_of($1, ${second})`]],
  TIMESTAMP_FROM_UNIX_MILLIS: [
    ['INT64 -> TIMESTAMP', `bq_timestamp_of($1, ${milli})`],
    ['TIMESTAMP -> TIMESTAMP', '$1'],
  ],
  TIMESTAMP_MILLIS: [['INT64 -> TIMESTAMP', `bq_timestamp_of($1, ${milli})`]],
  TIMESTAMP_FROM_UNIX_MICROS: [
    ['INT64 -> TIMESTAMP', `bq_timestamp_of($1, ${micro})`],
    ['TIMESTAMP -> TIMESTAMP', '$1'],
  ],
  TIMESTAMP_MICROS: [['INT64 -> TIMESTAMP', `bq_timestamp_of($1, ${micro})`]],
  FORMAT_DATE: [
    ['STRING DATE -> STRING', 'bq_format_date($1, $2)'],
    ['STRING DATETIME -> STRING', 'bq_format_datetime($1, $2)'],
    ['STRING TIMESTAMP -> STRING', "bq_format_timestamp($1, $2, 'UTC')"],
  ],
  FORMAT_DATETIME: [['STRING DATETIME -> STRING', 'bq_format_datetime($1, $2)']],
  FORMAT_TIME: [['STRING TIME -> STRING', 'bq_format_time($1, $2)']],
  FORMAT_TIMESTAMP: [['STRING TIMESTAMP STRING? -> STRING', "bq_format_timestamp($1, $2, {3|'UTC'})"]],
  PARSE_DATE: [['STRING STRING -> DATE', 'bq_parse_date($1, $2)']],
  PARSE_DATETIME: [['STRING STRING -> DATETIME', 'bq_parse_datetime($1, $2)']],
  PARSE_TIME: [['STRING STRING -> TIME', 'bq_parse_time($1, $2)']],
  PARSE_TIMESTAMP: [['STRING STRING STRING? -> TIMESTAMP', "bq_parse_timestamp($1, $2, {3|'UTC'})"]],
  STRING: [
    ['TIMESTAMP STRING? -> STRING', "bq_timestamp_text($1, {2|'UTC'})"],
    ['DATE -> STRING', 'bq_date_text($1)'],
    ['TIME -> STRING', 'bq_time_text($1)'],
    ['DATETIME -> STRING', 'bq_datetime_text($1)'],
    ['JSON -> STRING', 'bq_json_string($1)'],
  ],
  GENERATE_DATE_ARRAY: [['DATE DATE STEP? -> ARRAY<DATE>', "bq_date_series($1, $2, {3|1::BIGINT, 'DAY'})"]],
  GENERATE_TIMESTAMP_ARRAY: [['TIMESTAMP TIMESTAMP STEP -> ARRAY<TIMESTAMP>', 'bq_timestamp_series($1, $2, $3)']],
  MAKE_INTERVAL: [
    [
      'year:INT64? month:INT64? day:INT64? hour:INT64? minute:INT64? second:INT64? -> INTERVAL',
      'bq_make_interval({1|0::BIGINT}, {2|0::BIGINT}, {3|0::BIGINT}, {4|0::BIGINT}, {5|0::BIGINT}, {6|0::BIGINT})',
    ],
  ],
  JUSTIFY_DAYS: [['INTERVAL -> INTERVAL', "bq_justify($1, 'DAYS')"]],
  JUSTIFY_HOURS: [['INTERVAL -> INTERVAL', "bq_justify($1, 'HOURS')"]],
  JUSTIFY_INTERVAL: [['INTERVAL -> INTERVAL', "bq_justify($1, 'INTERVAL')"]],
};
