import type { Expr, SortItem, WindowSpec } from '../syntax/tree';
import { AGGREGATES } from './aggregates';

/** Whether one of the expressions calls an aggregate function outside of its subqueries. */
export function hasAggregate(exprs: ReadonlyArray<Expr | undefined>): boolean {
  return exprs.some((expr) => expr !== undefined && inside(expr));
}

function inside(expr: Expr): boolean {
  if (expr.kind === 'call' && AGGREGATES.has(expr.name) && expr.over === undefined) return true;
  return children(expr).some(inside);
}

const sorts = (items: readonly SortItem[]) => items.map((item) => item.value);

function windowParts(spec: WindowSpec | undefined): readonly Expr[] {
  return spec === undefined ? [] : [...spec.partitionBy, ...sorts(spec.orderBy)];
}

/** The direct child expressions, without those of subqueries. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'interval':
    case 'unary':
    case 'named':
    case 'is':
      return [expr.value];
    case 'field':
      return [expr.base];
    case 'call':
      return [
        ...expr.args,
        ...sorts(expr.orderBy),
        ...windowParts(expr.over),
        ...(expr.having === undefined ? [] : [expr.having.value]),
      ];
    case 'lambda':
      return [expr.body];
    case 'with':
      return [...expr.variables.map((variable) => variable.value), expr.result];
    case 'cast':
    case 'extract':
      return [expr.value, ...(expr.zone === undefined ? [] : [expr.zone])];
    case 'case':
      return [
        ...(expr.operand === undefined ? [] : [expr.operand]),
        ...expr.whens.flatMap((one) => [one.when, one.result]),
        ...(expr.otherwise === undefined ? [] : [expr.otherwise]),
      ];
    case 'binary':
    case 'distinctFrom':
      return [expr.left, expr.right];
    case 'between':
      return [expr.value, expr.low, expr.high];
    case 'in':
      return [expr.value, ...(expr.list ?? []), ...(expr.unnest === undefined ? [] : [expr.unnest])];
    case 'like':
      return [expr.value, expr.pattern];
    case 'likeMany':
      return [expr.value, ...(expr.list ?? []), ...(expr.unnest === undefined ? [] : [expr.unnest])];
    case 'array':
      return expr.items;
    case 'struct':
      return expr.fields.map((field) => field.value);
    case 'index':
      return [expr.base, expr.index];
    default:
      return [];
  }
}
