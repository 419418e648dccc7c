import { STRING, typeName } from '../types';
import { count, type Special } from './arguments';
import { noSignature } from './calls';
import { failAt } from './context';
import { analyse, analyseAs } from './expressions';
import { shapeOf } from './shapes';
import { textLiteral } from './values';

const SCOPES = ['JSON_VALUES', 'JSON_KEYS', 'JSON_KEYS_AND_VALUES'];

/** Translates CONTAINS_SUBSTR, which searches values of any type. */
export const containsSubstr: Special = (call, scope) => {
  count(call, scope, 2, 3);
  const [first, second, third] = call.args;
  if (first === undefined || second === undefined) return noSignature(call, []);
  const value = analyse(first, scope);
  const wanted = analyseAs(second, STRING, scope, (given) =>
    noSignature(call, [typeName(value.type), typeName(given)]),
  );
  if (wanted.literal === 'NULL') return failAt(second.at, 'The search value of CONTAINS_SUBSTR must not be NULL');
  const json = third?.kind === 'named' && third.name === 'json_scope' ? analyse(third.value, scope) : undefined;
  if (third !== undefined && (json?.text === undefined || !SCOPES.includes(json.text)))
    return failAt(third.at, `json_scope must be one of ${SCOPES.join(', ')}`);
  const range = textLiteral(json?.text ?? 'JSON_VALUES');
  return {
    sql: `bq_contains_substr(${value.sql}, ${textLiteral(shapeOf(value.type))}, ${wanted.sql}, ${range})`,
    type: { kind: 'BOOL' },
  };
};
