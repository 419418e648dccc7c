import type { FunctionTable } from './signatures';

/** Functions of JSON values and of texts with JSON. */
export const JSON_FUNCTIONS: FunctionTable = {
  PARSE_JSON: [['STRING wide_number_mode:STRING? -> JSON', "CAST(bq_parse_json($1, {2|'exact'}) AS JSON)"]],
  JSON_VALUE: [
    ['STRING STRING? -> STRING', "bq_json_value($1, {2|'$'}, true)"],
    ['JSON STRING? -> STRING', "bq_json_value($1, {2|'$'}, true)"],
  ],
  JSON_EXTRACT_SCALAR: [
    ['STRING STRING? -> STRING', "bq_json_value($1, {2|'$'}, false)"],
    ['JSON STRING? -> STRING', "bq_json_value($1, {2|'$'}, false)"],
  ],
  JSON_QUERY: [
    ['STRING STRING? -> STRING', "bq_json_query($1, {2|'$'}, true, false)"],
    ['JSON STRING? -> JSON', "CAST(bq_json_query($1, {2|'$'}, true, true) AS JSON)"],
  ],
  JSON_EXTRACT: [
    ['STRING STRING? -> STRING', "bq_json_query($1, {2|'$'}, false, false)"],
    ['JSON STRING? -> JSON', "CAST(bq_json_query($1, {2|'$'}, false, true) AS JSON)"],
  ],
  JSON_VALUE_ARRAY: [
    ['STRING STRING? -> ARRAY<STRING>', "bq_json_value_array($1, {2|'$'}, true)"],
    ['JSON STRING? -> ARRAY<STRING>', "bq_json_value_array($1, {2|'$'}, true)"],
  ],
  JSON_EXTRACT_STRING_ARRAY: [
    ['STRING STRING? -> ARRAY<STRING>', "bq_json_value_array($1, {2|'$'}, false)"],
    ['JSON STRING? -> ARRAY<STRING>', "bq_json_value_array($1, {2|'$'}, false)"],
  ],
  JSON_QUERY_ARRAY: [
    ['STRING STRING? -> ARRAY<STRING>', "bq_json_query_array($1, {2|'$'}, true)"],
    ['JSON STRING? -> ARRAY<JSON>', "CAST(bq_json_query_array($1, {2|'$'}, true) AS JSON[])"],
  ],
  JSON_EXTRACT_ARRAY: [
    ['STRING STRING? -> ARRAY<STRING>', "bq_json_query_array($1, {2|'$'}, false)"],
    ['JSON STRING? -> ARRAY<JSON>', "CAST(bq_json_query_array($1, {2|'$'}, false) AS JSON[])"],
  ],
  JSON_TYPE: [['JSON -> STRING', 'bq_json_type($1)']],
  JSON_KEYS: [['JSON INT64? mode:STRING? -> ARRAY<STRING>', "bq_json_keys($1, {2|9223372036854775807}, {3|'strict'})"]],
  JSON_FLATTEN: [['JSON -> ARRAY<JSON>', 'CAST(bq_json_flatten($1) AS JSON[])']],
  JSON_REMOVE: [['JSON STRING STRING... -> JSON', 'CAST(bq_json_remove($*) AS JSON)']],
  JSON_STRIP_NULLS: [
    [
      'JSON STRING? include_arrays:BOOL? remove_empty:BOOL? -> JSON',
      "CAST(bq_json_strip_nulls($1, {2|'$'}, {3|true}, {4|false}) AS JSON)",
    ],
  ],
  JSON_CONTAINS: [['JSON JSON -> BOOL', 'bq_json_contains($1, $2)']],
  INT64: [['JSON -> INT64', 'bq_json_int($1)']],
  FLOAT64: [['JSON wide_number_mode:STRING? -> FLOAT64', "bq_json_float_by($1, {2|'round'})"]],
  DOUBLE: [['JSON wide_number_mode:STRING? -> FLOAT64', "bq_json_float_by($1, {2|'round'})"]],
  BOOL: [['JSON -> BOOL', 'bq_json_bool($1)']],
  LAX_INT64: [['JSON -> INT64', 'bq_lax_int($1)']],
  LAX_FLOAT64: [['JSON -> FLOAT64', 'bq_lax_float($1)']],
  LAX_DOUBLE: [['JSON -> FLOAT64', 'bq_lax_float($1)']],
  LAX_BOOL: [['JSON -> BOOL', 'bq_lax_bool($1)']],
  LAX_STRING: [['JSON -> STRING', 'bq_lax_string($1)']],
  INT64_ARRAY: [['JSON -> ARRAY<INT64>', 'bq_json_int_array($1)']],
  FLOAT64_ARRAY: [['JSON -> ARRAY<FLOAT64>', 'bq_json_float_array($1)']],
  BOOL_ARRAY: [['JSON -> ARRAY<BOOL>', 'bq_json_bool_array($1)']],
  LAX_INT64_ARRAY: [['JSON -> ARRAY<INT64>', 'bq_lax_int_array($1)']],
  LAX_FLOAT64_ARRAY: [['JSON -> ARRAY<FLOAT64>', 'bq_lax_float_array($1)']],
  LAX_BOOL_ARRAY: [['JSON -> ARRAY<BOOL>', 'bq_lax_bool_array($1)']],
  LAX_STRING_ARRAY: [['JSON -> ARRAY<STRING>', 'bq_lax_string_array($1)']],
  STRING_ARRAY: [['JSON -> ARRAY<STRING>', 'bq_json_string_array($1)']],
};
