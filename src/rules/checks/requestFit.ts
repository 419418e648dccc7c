import { isObject, type JsonPath } from '../../json';
import { fitToSchema } from '../../schema/fitToSchema';
import { actionRequests } from '../actionRequests';
import type { RuleCode } from '../errorCodes';
import type { ActionKind, JsonObject } from '../types';
import { isVariable } from '../variables';
import { typeProblems } from './typeProblems';

export interface RequestProblem {
  readonly code: RuleCode;
  readonly path: JsonPath;
  readonly found: unknown;
  readonly allowed: string;
}

export interface FittedRequest {
  readonly request: JsonObject;
  readonly problems: readonly RequestProblem[];
  /** A documented key as the file spells it. */
  ownKey(key: string): string | number;
}

/**
 * A request with keys in documented spelling and types as far as they are known before the load: a text with a variable stays
 * as it is. Unknown keys are dropped and reported.
 */
export function fitRequest(kind: ActionKind, given: JsonObject): FittedRequest {
  const schema = actionRequests[kind];
  const fitted = fitToSchema(schema, given, { lenient: true, keep: isVariable });
  const unknown = fitted.remarks.map(({ code, path, knownKeys }) => ({
    code,
    path,
    found: path.at(-1),
    allowed: knownKeys.join(', '),
  }));
  const types = typeProblems(schema, fitted.value)
    .filter(({ found }) => !isVariable(found))
    .map((problem) => ({ ...problem, path: fitted.ownPath(problem.path) }));
  const request = isObject(fitted.value) ? fitted.value : {};
  return { request, problems: [...unknown, ...types], ownKey: (key) => fitted.ownPath([key])[0] ?? key };
}
