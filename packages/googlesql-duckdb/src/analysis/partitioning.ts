import type { RangePartitioning, TableField, TimePartitioning } from '../contract';
import type { Expr } from '../syntax/tree';
import { failAt } from './context';
import { nameOf } from './createTable';

/** Reads PARTITION BY of CREATE TABLE in all its forms. */
export function partitioningOf(
  expr: Expr,
  schema: readonly TableField[],
): { timePartitioning?: TimePartitioning; rangePartitioning?: RangePartitioning } {
  const by = (column: string, type: string): { timePartitioning: TimePartitioning } => {
    if (/^_PARTITION(TIME|DATE)$/i.test(column)) return { timePartitioning: { type } };
    const field = schema.find((one) => one.name.toLowerCase() === column.toLowerCase());
    if (field === undefined) failAt(expr.at, `Unrecognized name: ${column}`);
    return { timePartitioning: { type, field: field.name } };
  };
  if (expr.kind === 'name') {
    const field = schema.find((one) => one.name.toLowerCase() === expr.name.toLowerCase());
    if (field !== undefined && field.type !== 'DATE')
      failAt(
        expr.at,
        `PARTITION BY expression must be DATE(<timestamp_column>), DATE(<datetime_column>), DATETIME_TRUNC(<datetime_column>, DAY/HOUR/MONTH/YEAR), a DATE column, TIMESTAMP_TRUNC(<timestamp_column>, DAY/HOUR/MONTH/YEAR), DATE_TRUNC(<date_column>, MONTH/YEAR), or RANGE_BUCKET(<int64_column>, GENERATE_ARRAY(<int64_value>, <int64_value>[, <int64_value>]))`,
      );
    return by(expr.name, 'DAY');
  }
  if (expr.kind !== 'call') return failAt(expr.at, 'PARTITION BY expression is not supported');
  const [first, second] = expr.args;
  if (first === undefined) return failAt(expr.at, 'PARTITION BY expression is not supported');
  if (expr.name === 'DATE') return by(nameOf(first, 'PARTITION BY'), 'DAY');
  if (/^(DATE|DATETIME|TIMESTAMP)_TRUNC$/.test(expr.name) && second?.kind === 'name') {
    const unit = second.name.toUpperCase();
    if (!['HOUR', 'DAY', 'MONTH', 'YEAR'].includes(unit)) failAt(second.at, `PARTITION BY does not support ${unit}`);
    return by(nameOf(first, 'PARTITION BY'), unit);
  }
  if (expr.name === 'RANGE_BUCKET' && second?.kind === 'call' && second.name === 'GENERATE_ARRAY') {
    const [start = '0', end = '0', interval = '1'] = second.args.map((arg) =>
      arg.kind === 'literal' ? arg.value : failAt(arg.at, 'RANGE_BUCKET bounds must be literals'),
    );
    return { rangePartitioning: { field: nameOf(first, 'PARTITION BY'), range: { start, end, interval } } };
  }
  return failAt(expr.at, 'PARTITION BY expression is not supported');
}
