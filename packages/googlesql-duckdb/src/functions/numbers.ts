import { ELEMENT } from '../duckdb/lambda';
import type { FunctionTable } from './signatures';

const float = (sql: string): FunctionTable[string] => [['FLOAT64 -> FLOAT64', sql]];

/** Signatures of a function that returns its argument's type. */
function same(int: string, numeric: string, bignumeric: string, floating: string): FunctionTable[string] {
  return [
    ['INT64 -> INT64', int],
    ['NUMERIC -> NUMERIC', numeric],
    ['BIGNUMERIC -> BIGNUMERIC', bignumeric],
    ['FLOAT64 -> FLOAT64', floating],
  ];
}

/** Signatures of a binary operator's function (such as SAFE_ADD) for each numeric type. */
function both(name: string, int: string | undefined): FunctionTable[string] {
  const wide =
    name === 'divide'
      ? ([['INT64 INT64 -> FLOAT64', 'bq_divide(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))']] as const)
      : ([['INT64 INT64 -> INT64', int ?? '']] as const);
  return [
    ...wide,
    ['NUMERIC NUMERIC -> NUMERIC', `bq_numeric_${name}($1, $2)`],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', `bq_bignumeric_${name}($1, $2)`],
    ['FLOAT64 FLOAT64 -> FLOAT64', `bq_${name}($1, $2)`],
  ];
}

function rounding(mode: string): FunctionTable[string] {
  return [
    ['FLOAT64 INT64? -> FLOAT64', `bq_${mode}($1, {2|0::BIGINT})`],
    ['NUMERIC INT64? -> NUMERIC', `bq_numeric_${mode}($1, {2|0::BIGINT})`],
    ['BIGNUMERIC INT64? -> BIGNUMERIC', `bq_bignumeric_${mode}($1, {2|0::BIGINT})`],
  ];
}

/** Arithmetic, rounding, trigonometry, bits. */
export const NUMBER_FUNCTIONS: FunctionTable = {
  ABS: same('bq_abs_int($1)', 'abs($1)', 'abs($1)', 'abs($1)'),
  SIGN: same(
    'CAST(sign($1) AS BIGINT)',
    'CAST(sign($1) AS DECIMAL(38,9))',
    'CAST(sign($1) AS DECIMAL(38,18))',
    'bq_sign($1)',
  ),
  IS_INF: [['FLOAT64 -> BOOL', 'isinf($1)']],
  IS_NAN: [['FLOAT64 -> BOOL', 'isnan($1)']],
  IEEE_DIVIDE: [['FLOAT64 FLOAT64 -> FLOAT64', 'bq_ieee_divide($1, $2)']],
  PI: [[' -> FLOAT64', 'pi()']],
  ZEROIFNULL: same('coalesce($1, 0)', 'coalesce($1, 0)', 'coalesce($1, 0)', 'coalesce($1, 0)'),
  NULLIFZERO: same('nullif($1, 0)', 'nullif($1, 0)', 'nullif($1, 0)', 'nullif($1, 0)'),
  RAND: [[' -> FLOAT64', 'random()']],
  SQRT: [
    ['FLOAT64 -> FLOAT64', 'bq_sqrt($1)'],
    ['NUMERIC -> NUMERIC', 'bq_float_to_numeric(bq_sqrt(CAST($1 AS DOUBLE)))'],
  ],
  CBRT: float('bq_cbrt($1)'),
  POW: [
    ['FLOAT64 FLOAT64 -> FLOAT64', 'bq_pow($1, $2)'],
    ['NUMERIC NUMERIC -> NUMERIC', 'bq_numeric_pow($1, $2)'],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', 'bq_bignumeric_pow($1, $2)'],
    ['INT64 INT64 -> FLOAT64', 'bq_pow(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))'],
  ],
  POWER: [
    ['FLOAT64 FLOAT64 -> FLOAT64', 'bq_pow($1, $2)'],
    ['NUMERIC NUMERIC -> NUMERIC', 'bq_numeric_pow($1, $2)'],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', 'bq_bignumeric_pow($1, $2)'],
    ['INT64 INT64 -> FLOAT64', 'bq_pow(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))'],
  ],
  EXP: [
    ['FLOAT64 -> FLOAT64', 'bq_exp($1)'],
    ['INT64 -> FLOAT64', 'bq_exp(CAST($1 AS DOUBLE))'],
    ['NUMERIC -> NUMERIC', 'bq_float_to_numeric(bq_exp(CAST($1 AS DOUBLE)))'],
  ],
  LN: [
    ['FLOAT64 -> FLOAT64', "bq_log($1, 'LN')"],
    ['INT64 -> FLOAT64', "bq_log(CAST($1 AS DOUBLE), 'LN')"],
    ['NUMERIC -> NUMERIC', "bq_float_to_numeric(bq_log(CAST($1 AS DOUBLE), 'LN'))"],
  ],
  LOG: [
    ['FLOAT64 -> FLOAT64', "bq_log($1, 'LN')"],
    ['FLOAT64 FLOAT64 -> FLOAT64', 'bq_log_base($1, $2)'],
    ['INT64 -> FLOAT64', "bq_log(CAST($1 AS DOUBLE), 'LN')"],
    ['INT64 INT64 -> FLOAT64', 'bq_log_base(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE))'],
    ['NUMERIC -> NUMERIC', "bq_float_to_numeric(bq_log(CAST($1 AS DOUBLE), 'LN'))"],
    ['NUMERIC NUMERIC -> NUMERIC', 'bq_float_to_numeric(bq_log_base(CAST($1 AS DOUBLE), CAST($2 AS DOUBLE)))'],
  ],
  LOG10: [
    ['FLOAT64 -> FLOAT64', "bq_log($1, 'LOG10')"],
    ['INT64 -> FLOAT64', "bq_log(CAST($1 AS DOUBLE), 'LOG10')"],
    ['NUMERIC -> NUMERIC', "bq_float_to_numeric(bq_log(CAST($1 AS DOUBLE), 'LOG10'))"],
  ],
  DIV: [
    ['INT64 INT64 -> INT64', 'bq_div($1, $2)'],
    ['NUMERIC NUMERIC -> NUMERIC', 'bq_numeric_div($1, $2)'],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', 'bq_bignumeric_div($1, $2)'],
  ],
  MOD: [
    ['INT64 INT64 -> INT64', 'bq_mod($1, $2)'],
    ['NUMERIC NUMERIC -> NUMERIC', 'bq_numeric_mod($1, $2)'],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', 'bq_bignumeric_mod($1, $2)'],
  ],
  SAFE_DIVIDE: both('divide', undefined).map(([signature, sql]) => [signature, `?${sql}`] as const),
  SAFE_MULTIPLY: both('multiply', '($1 * $2)').map(([signature, sql]) => [signature, `?${sql}`] as const),
  SAFE_ADD: [
    ['INT64 INT64 -> INT64', '?$1 + $2'],
    ['NUMERIC NUMERIC -> NUMERIC', '?CAST($1 + $2 AS DECIMAL(38,9))'],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', '?CAST($1 + $2 AS DECIMAL(38,18))'],
    ['FLOAT64 FLOAT64 -> FLOAT64', "?bq_finite($1, $2, '+')"],
  ],
  SAFE_SUBTRACT: [
    ['INT64 INT64 -> INT64', '?$1 - $2'],
    ['NUMERIC NUMERIC -> NUMERIC', '?CAST($1 - $2 AS DECIMAL(38,9))'],
    ['BIGNUMERIC BIGNUMERIC -> BIGNUMERIC', '?CAST($1 - $2 AS DECIMAL(38,18))'],
    ['FLOAT64 FLOAT64 -> FLOAT64', "?bq_finite($1, $2, '-')"],
  ],
  SAFE_NEGATE: [
    ['INT64 -> INT64', '?-$1'],
    ['NUMERIC -> NUMERIC', '(-$1)'],
    ['BIGNUMERIC -> BIGNUMERIC', '(-$1)'],
    ['FLOAT64 -> FLOAT64', '(-$1)'],
  ],
  ROUND: [
    ...rounding('round'),
    ['NUMERIC INT64 STRING -> NUMERIC', 'bq_numeric_round_by($1, $2, $3)'],
    ['BIGNUMERIC INT64 STRING -> BIGNUMERIC', 'bq_bignumeric_round_by($1, $2, $3)'],
  ],
  TRUNC: rounding('trunc'),
  CEIL: [
    ['FLOAT64 -> FLOAT64', 'ceil($1)'],
    ['NUMERIC -> NUMERIC', 'CAST(ceil($1) AS DECIMAL(38,9))'],
    ['BIGNUMERIC -> BIGNUMERIC', 'CAST(ceil($1) AS DECIMAL(38,18))'],
  ],
  CEILING: [
    ['FLOAT64 -> FLOAT64', 'ceil($1)'],
    ['NUMERIC -> NUMERIC', 'CAST(ceil($1) AS DECIMAL(38,9))'],
    ['BIGNUMERIC -> BIGNUMERIC', 'CAST(ceil($1) AS DECIMAL(38,18))'],
  ],
  FLOOR: [
    ['FLOAT64 -> FLOAT64', 'floor($1)'],
    ['NUMERIC -> NUMERIC', 'CAST(floor($1) AS DECIMAL(38,9))'],
    ['BIGNUMERIC -> BIGNUMERIC', 'CAST(floor($1) AS DECIMAL(38,18))'],
  ],
  COS: float("bq_math($1, 'COS')"),
  COSH: float("bq_math($1, 'COSH')"),
  ACOS: float("bq_math($1, 'ACOS')"),
  ACOSH: float("bq_math($1, 'ACOSH')"),
  COT: float("bq_math($1, 'COT')"),
  COTH: float("bq_math($1, 'COTH')"),
  CSC: float("bq_math($1, 'CSC')"),
  CSCH: float("bq_math($1, 'CSCH')"),
  SEC: float("bq_math($1, 'SEC')"),
  SECH: float("bq_math($1, 'SECH')"),
  SIN: float("bq_math($1, 'SIN')"),
  SINH: float("bq_math($1, 'SINH')"),
  ASIN: float("bq_math($1, 'ASIN')"),
  ASINH: float("bq_math($1, 'ASINH')"),
  TAN: float("bq_math($1, 'TAN')"),
  TANH: float("bq_math($1, 'TANH')"),
  ATAN: float("bq_math($1, 'ATAN')"),
  ATANH: float("bq_math($1, 'ATANH')"),
  ATAN2: [['FLOAT64 FLOAT64 -> FLOAT64', 'atan2($1, $2)']],
  BIT_COUNT: [
    ['INT64 -> INT64', 'CAST(bit_count($1) AS BIGINT)'],
    ['BYTES -> INT64', 'bq_bytes_bit_count($1)'],
  ],
  RANGE_BUCKET: [
    [
      'T ARRAY<T> -> INT64',
      `@CASE WHEN $nulls THEN NULL ELSE CAST(len(list_filter($2, lambda ${ELEMENT}: ${ELEMENT} <= $1)) AS BIGINT) END`,
    ],
  ],
  PARSE_NUMERIC: [['STRING -> NUMERIC', 'bq_parse_numeric($1)']],
  PARSE_BIGNUMERIC: [['STRING -> BIGNUMERIC', 'bq_parse_bignumeric($1)']],
};
