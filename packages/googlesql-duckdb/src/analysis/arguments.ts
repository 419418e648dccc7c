import type { CallExpr } from '../syntax/tree';
import { typeName } from '../types';
import { noSignature } from './calls';
import { analyse } from './expressions';
import type { Scope } from './scope';
import type { Value } from './values';

export type Special = (call: CallExpr, scope: Scope) => Value;

/** Translates the arguments of a call. */
export function values(call: CallExpr, scope: Scope): Value[] {
  return call.args.map((arg) => analyse(arg, scope));
}

/** Fails unless the call has `low` to `high` arguments. */
export function count(call: CallExpr, scope: Scope, low: number, high = low): void {
  if (call.args.length < low || call.args.length > high)
    noSignature(
      call,
      values(call, scope).map((value) => typeName(value.type)),
    );
}
