import { ELEMENT } from '../duckdb/lambda';
import type { FunctionTable } from './signatures';

/** Array functions. */
export const ARRAY_FUNCTIONS: FunctionTable = {
  ARRAY_LENGTH: [['ARRAY<T> -> INT64', 'CAST(len($1) AS BIGINT)']],
  ARRAY_CONCAT: [['ARRAY<T> ARRAY<T>... -> ARRAY<T>', '@CASE WHEN $nulls THEN NULL ELSE list_concat($*) END']],
  ARRAY_REVERSE: [['ARRAY<T> -> ARRAY<T>', 'list_reverse($1)']],
  ARRAY_FIRST: [
    [
      'ARRAY<T> -> T',
      "@CASE WHEN len($1) = 0 THEN CAST(bq_raise('ARRAY_FIRST cannot get the first element of an empty array') AS $T) ELSE $1[1] END",
    ],
  ],
  ARRAY_LAST: [
    [
      'ARRAY<T> -> T',
      "@CASE WHEN len($1) = 0 THEN CAST(bq_raise('ARRAY_LAST cannot get the last element of an empty array') AS $T) ELSE $1[-1] END",
    ],
  ],
  ARRAY_SLICE: [
    [
      'ARRAY<T> INT64 INT64 -> ARRAY<T>',
      '@CASE WHEN $nulls THEN NULL ELSE list_slice($1, greatest(1, CASE WHEN $2 < 0 THEN len($1) + $2 + 1 ELSE $2 + 1 END), CASE WHEN $3 < 0 THEN len($1) + $3 + 1 ELSE $3 + 1 END) END',
    ],
  ],
  ARRAY_TO_STRING: [
    ['ARRAY<STRING> STRING STRING? -> STRING', 'bq_array_to_string($1, $2, {3|NULL::VARCHAR})'],
    ['ARRAY<BYTES> BYTES BYTES? -> BYTES', 'bq_array_to_bytes($1, $2, {3|NULL::BLOB})'],
  ],
  ARRAY_IS_DISTINCT: [
    [
      'ARRAY<T> -> BOOL',
      `@(len($1) = len(list_distinct(list_filter($1, lambda ${ELEMENT}: ${ELEMENT} IS NOT NULL))) + least(len(list_filter($1, lambda ${ELEMENT}: ${ELEMENT} IS NULL)), 1))`,
    ],
  ],
  ARRAY_INCLUDES: [['ARRAY<T> T -> BOOL', 'list_contains($1, $2)']],
  ARRAY_INCLUDES_ANY: [['ARRAY<T> ARRAY<T> -> BOOL', 'list_has_any($1, $2)']],
  ARRAY_INCLUDES_ALL: [['ARRAY<T> ARRAY<T> -> BOOL', 'list_has_all($1, $2)']],
  ARRAY_MIN: [['ARRAY<T> -> T', 'list_min($1)']],
  ARRAY_MAX: [['ARRAY<T> -> T', 'list_max($1)']],
  ARRAY_SUM: [
    ['ARRAY<INT64> -> INT64', 'CAST(list_sum($1) AS BIGINT)'],
    ['ARRAY<NUMERIC> -> NUMERIC', 'CAST(list_sum($1) AS DECIMAL(38,9))'],
    ['ARRAY<FLOAT64> -> FLOAT64', 'list_sum($1)'],
  ],
  ARRAY_AVG: [
    ['ARRAY<INT64> -> FLOAT64', 'list_avg($1)'],
    ['ARRAY<FLOAT64> -> FLOAT64', 'list_avg($1)'],
  ],
  GENERATE_ARRAY: [
    ['INT64 INT64 INT64? -> ARRAY<INT64>', 'bq_int_series($1, $2, {3|1::BIGINT})'],
    ['NUMERIC NUMERIC NUMERIC? -> ARRAY<NUMERIC>', 'bq_numeric_series($1, $2, {3|1::DECIMAL(38,9)})'],
    ['FLOAT64 FLOAT64 FLOAT64? -> ARRAY<FLOAT64>', 'bq_float_series($1, $2, {3|1::DOUBLE})'],
  ],
};
