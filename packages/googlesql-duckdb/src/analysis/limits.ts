import type { Expr } from '../syntax/tree';
import { INT64 } from '../types';
import { failAt } from './context';
import { analyse, converted } from './expressions';
import type { Tail } from './queries';
import type { Scope } from './scope';

/** ` LIMIT n OFFSET m`; each part is empty when the query omits it. */
export function limitSql(tail: Tail, scope: Scope): string {
  const part = (word: string, expr: Expr | undefined): string => {
    if (expr === undefined) return '';
    const value = converted(analyse(expr, scope), INT64, expr.at);
    if (value === undefined || (value.text !== undefined && Number(value.text) < 0))
      return failAt(expr.at, `Syntax error: Unexpected "-"`);
    return ` ${word} ${value.sql}`;
  };
  return `${part('LIMIT', tail.limit)}${part('OFFSET', tail.offset)}`;
}

/** The column index, from 0, of an ORDER BY or GROUP BY column number; undefined for other expressions. */
export function ordinal(expr: Expr, count: number): number | undefined {
  if (expr.kind !== 'literal' || expr.type !== 'INT64') return undefined;
  const place = Number(expr.value) - 1;
  if (place < 0 || place >= count)
    return failAt(
      expr.at,
      `ORDER BY column number item is out of range. Column numbers must be between one and the number of columns in the SELECT list. Column number item was ${expr.value}, and number of columns was ${count}`,
    );
  return place;
}
