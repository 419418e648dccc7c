import type { CallExpr, Expr } from '../syntax/tree';
import { arrayOf, BOOL, DATE, DATETIME, type SqlType, TIMESTAMP, typeName } from '../types';
import { castSql } from './casts';
import { failAt } from './context';
import { analyse, converted } from './expressions';
import { analyseCondition } from './operators';
import type { Scope } from './scope';
import { supertype, textLiteral, type Value } from './values';

type Range = Extract<SqlType, { kind: 'RANGE' }>;
const ELEMENTS: readonly SqlType[] = [DATE, DATETIME, TIMESTAMP];

/** Converts an element to text, because the runtime functions of ranges take texts. */
function elementText(value: Value, at: number): string {
  return castSql({ ...value, text: undefined, literal: undefined }, { kind: 'STRING' }, "'UTC'", undefined, at);
}

function wrong(call: CallExpr, scope: Scope): never {
  return failAt(
    call.at,
    `No matching signature for function ${call.name} for argument types: ${call.args.map((arg) => typeName(analyse(arg, scope).type)).join(', ')}`,
  );
}

function rangeArgument(call: CallExpr, place: number, scope: Scope): Value & { readonly type: Range } {
  const expr = call.args[place];
  const value = expr === undefined ? wrong(call, scope) : analyse(expr, scope);
  return value.type.kind === 'RANGE' ? { ...value, type: value.type } : wrong(call, scope);
}

/** Translates `RANGE(start, end)`, where NULL means unbounded. */
function construct(call: CallExpr, scope: Scope): Value {
  const values = call.args.map((arg) => analyse(arg, scope));
  const element = values.length === 2 ? supertype(values) : undefined;
  if (element === undefined || !ELEMENTS.some((one) => one.kind === element.kind)) return wrong(call, scope);
  const ends = values.map((value, place) =>
    elementText(converted(value, element, (call.args[place] as Expr).at) ?? value, call.at),
  );
  return { sql: `bq_range_of(${ends.join(', ')}, ${textLiteral(element.kind)})`, type: { kind: 'RANGE', element } };
}

function end(first: boolean) {
  return (call: CallExpr, scope: Scope): Value => {
    const range = rangeArgument(call, 0, scope);
    const element = range.type.element;
    const text = `bq_range_end(${range.sql}, ${textLiteral(element.kind)}, ${first})`;
    return {
      sql: castSql({ sql: text, type: { kind: 'STRING' } }, element, "'UTC'", undefined, call.at),
      type: element,
    };
  };
}

function contains(call: CallExpr, scope: Scope): Value {
  const range = rangeArgument(call, 0, scope);
  const element = range.type.element;
  const second = call.args[1] === undefined ? wrong(call, scope) : analyse(call.args[1], scope);
  if (second.type.kind === 'RANGE')
    return { sql: `bq_range_contains(${range.sql}, ${second.sql}, ${textLiteral(element.kind)})`, type: BOOL };
  const value = converted(second, element, call.at) ?? wrong(call, scope);
  return {
    sql: `bq_range_holds(${range.sql}, ${elementText(value, call.at)}, ${textLiteral(element.kind)})`,
    type: BOOL,
  };
}

function both(name: string, type: (range: Range) => SqlType) {
  return (call: CallExpr, scope: Scope): Value => {
    const [one, two] = [rangeArgument(call, 0, scope), rangeArgument(call, 1, scope)];
    return { sql: `${name}(${one.sql}, ${two.sql}, ${textLiteral(one.type.element.kind)})`, type: type(one.type) };
  };
}

function pieces(call: CallExpr, scope: Scope): Value {
  const range = rangeArgument(call, 0, scope);
  const step = call.args[1];
  if (step?.kind !== 'interval' || step.to !== undefined)
    return failAt(call.at, 'GENERATE_RANGE_ARRAY needs an INTERVAL of one part');
  const whole =
    call.args[2] === undefined ? 'true' : analyseCondition(call.args[2], scope, 'include_last_partial_range').sql;
  return {
    sql: `bq_range_pieces(${range.sql}, ${analyse(step.value, scope).sql}, ${textLiteral(step.from)}, ${whole}, ${textLiteral(range.type.element.kind)})`,
    type: arrayOf(range.type),
  };
}

/** Translators of the RANGE functions by name. */
export const RANGE_CALLS: Readonly<Record<string, (call: CallExpr, scope: Scope) => Value>> = {
  RANGE: construct,
  RANGE_START: end(true),
  RANGE_END: end(false),
  RANGE_CONTAINS: contains,
  RANGE_OVERLAPS: both('bq_range_overlaps', () => BOOL),
  RANGE_INTERSECT: both('bq_range_intersect', (range) => range),
  GENERATE_RANGE_ARRAY: pieces,
};
