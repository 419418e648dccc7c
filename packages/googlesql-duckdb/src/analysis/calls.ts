import { ARRAY_FUNCTIONS } from '../functions/arrays';
import { JSON_FUNCTIONS } from '../functions/json';
import { NUMBER_FUNCTIONS } from '../functions/numbers';
import {
  type Argument,
  apply,
  type Fit,
  type FunctionTable,
  fitSignature,
  inPlaces,
  parseSignature,
} from '../functions/signatures';
import { STRING_FUNCTIONS } from '../functions/strings';
import { TIME_FUNCTIONS } from '../functions/times';
import type { CallExpr, Expr } from '../syntax/tree';
import { INT64, typeName } from '../types';
import { AGGREGATES, analyseAggregate } from './aggregates';
import { typeOfNode } from './casts';
import { failAt } from './context';
import { analyse, converted } from './expressions';
import { partOf } from './parts';
import { Scope, suggestion } from './scope';
import { SPECIAL_FUNCTIONS } from './special';
import type { Value } from './values';
import { analyseWindowCall, WINDOW_FUNCTIONS } from './windows';

/** All functions with signatures. Functions that are in no list are refused as BigQuery refuses unknown functions. */
export const FUNCTIONS: FunctionTable = {
  ...STRING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
};

/** Translates a function call of any kind. */
export function analyseCall(call: CallExpr, scope: Scope): Value {
  const user = scope.context.functions.get(call.name.toLowerCase());
  if (user !== undefined) return analyseUserCall(call, scope);
  return analyseKnown(call, scope);
}

function analyseKnown(call: CallExpr, scope: Scope): Value {
  if (call.safe && (call.over !== undefined || WINDOW_FUNCTIONS.has(call.name) || AGGREGATES.has(call.name)))
    failAt(call.at, `Function ${call.name} does not support SAFE error mode`);
  if (call.over !== undefined || WINDOW_FUNCTIONS.has(call.name)) return analyseWindowCall(call, scope);
  if (AGGREGATES.has(call.name)) return analyseAggregate(call, scope);
  checkPlain(call);
  const special = SPECIAL_FUNCTIONS[call.name];
  if (special !== undefined) {
    const value = special(call, scope);
    return call.safe ? { sql: `TRY(${value.sql})`, type: value.type } : value;
  }
  const table = FUNCTIONS[call.name];
  if (table === undefined || table.length === 0) {
    return failAt(
      call.at,
      `Function not found: ${call.written}${suggestion(call.written, [...Object.keys(FUNCTIONS), ...Object.keys(SPECIAL_FUNCTIONS), ...AGGREGATES])}`,
    );
  }
  return applySignature(
    call,
    table,
    call.args.map((arg) => argumentOf(arg, scope)),
  );
}

function checkPlain(call: CallExpr): void {
  if (
    call.distinct ||
    call.orderBy.length > 0 ||
    call.limit !== undefined ||
    call.nulls !== undefined ||
    call.having !== undefined ||
    call.star
  ) {
    failAt(
      call.at,
      `Function ${call.name} is not an aggregate function: DISTINCT, ORDER BY, LIMIT and the like are not allowed`,
    );
  }
}

function argumentOf(expr: Expr, scope: Scope): Argument {
  const inner = expr.kind === 'named' ? expr.value : expr;
  const part = partOf(inner);
  if (part !== undefined) {
    const value =
      inner.kind === 'name' && scope.find(inner.name, inner.at) !== undefined ? analyse(inner, scope) : undefined;
    return { kind: 'part', part, value };
  }
  if (inner.kind === 'interval' && inner.to === undefined) {
    const count = analyse(inner.value, scope);
    const int = converted(count, INT64, inner.at);
    if (int !== undefined) return { kind: 'step', sql: `(${int.sql}), '${inner.from}'`, value: analyse(inner, scope) };
  }
  return { kind: 'value', value: analyse(inner, scope) };
}

/** Applies the signature that needs the fewest conversions, or fails with BigQuery's `No matching signature`. */
export function applySignature(call: CallExpr, table: FunctionTable[string], args: readonly Argument[]): Value {
  let best: Fit | undefined;
  const names = call.args.map((arg) => (arg.kind === 'named' ? arg.name : undefined));
  for (const [text, sql] of table) {
    const signature = parseSignature(text, sql);
    const places = inPlaces(signature, args, names);
    const fit = places === undefined ? undefined : fitSignature(signature, places);
    if (fit !== undefined && (best === undefined || fit.cost < best.cost)) best = fit;
  }
  if (best === undefined)
    return noSignature(
      call,
      args.map((arg) =>
        arg.kind === 'part'
          ? arg.value === undefined
            ? 'DATE_TIME_PART'
            : typeName(arg.value.type)
          : arg.kind === 'step'
            ? 'INTERVAL'
            : typeName(arg.value.type),
      ),
    );
  const texts = best.args.map((arg, place) => {
    if (arg === undefined) return undefined;
    const type = best.types[place];
    if (arg.kind === 'part' && type === undefined) return `'${arg.part}'`;
    if (arg.kind === 'step' && type === undefined) return arg.sql;
    const value = arg.value;
    if (value === undefined || type === undefined) return 'NULL';
    return (converted(value, type, call.args[args.indexOf(arg)]?.at ?? call.at) ?? value).sql;
  });
  return { sql: apply(best.signature.sql, texts, best.generic, call.safe), type: best.result };
}

/** Fails with BigQuery's error for unmatched arguments, which lists the signatures. */
export function noSignature(call: CallExpr, types: readonly string[]): never {
  const what = `No matching signature for ${kindOf(call.name)} ${call.name}`;
  const head = types.length === 0 ? `${what} with no arguments` : `${what}\n  Argument types: ${types.join(', ')}`;
  const signatures = (FUNCTIONS[call.name] ?? []).map(([signature]) => signatureText(call.name, signature, types));
  return failAt(call.at, [head, ...signatures].join('\n'));
}

function kindOf(name: string): string {
  if (AGGREGATES.has(name)) return 'aggregate function';
  return WINDOW_FUNCTIONS.has(name) ? 'analytic function' : 'function';
}

function signatureText(name: string, signature: string, types: readonly string[]): string {
  const { parameters } = parseSignature(signature, '');
  const shown = parameters
    .map((one) => (one.repeated ? `[${one.type}, ...]` : one.optional ? `[${one.type}]` : one.type))
    .join(', ');
  const wrong = types.findIndex(
    (type, place) =>
      parameters[place] !== undefined && parameters[place].type !== type && parameters[place].type !== 'T',
  );
  const count = `Signature requires at least ${parameters.filter((one) => !one.optional).length} argument${parameters.length === 1 ? '' : 's'}, found ${types.length} argument${types.length === 1 ? '' : 's'}`;
  const why =
    wrong < 0
      ? count
      : `Argument ${wrong + 1}: Unable to coerce type ${types[wrong]} to expected type ${parameters[wrong]?.type}`;
  return `  Signature: ${name}(${shown})\n    ${why}`;
}

/** Replaces a call of a CREATE TEMP FUNCTION function by the function's body. */
function analyseUserCall(call: CallExpr, scope: Scope): Value {
  const user = scope.context.functions.get(call.name.toLowerCase());
  if (user === undefined) return failAt(call.at, `Function not found: ${call.written}`);
  if (user.parameters.length !== call.args.length)
    noSignature(
      call,
      call.args.map((arg) => typeName(analyse(arg, scope).type)),
    );
  const inner = new Scope(scope.context);
  for (const [place, parameter] of user.parameters.entries()) {
    const argument = call.args[place];
    if (argument === undefined) continue;
    const value = analyse(argument, scope);
    const typed = parameter.type === 'ANY' ? value : converted(value, typeOfNode(parameter.type), argument.at);
    if (typed === undefined) return noSignature(call, [typeName(value.type)]);
    inner.locals.set(parameter.name.toLowerCase(), { sql: typed.sql, type: typed.type });
  }
  const value = analyse(user.body, inner);
  if (user.returns === undefined) return value;
  const wanted = typeOfNode(user.returns);
  return (
    converted(value, wanted, call.at) ??
    failAt(call.at, `Function body type ${typeName(value.type)} does not coerce to ${typeName(wanted)}`)
  );
}
