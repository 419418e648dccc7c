import { ELEMENT } from '../duckdb/lambda';
import type { Expr } from '../syntax/tree';
import { arrayOf, JSON_TYPE, STRING, typeName } from '../types';
import { count, type Special, values } from './arguments';
import { noSignature } from './calls';
import { failAt } from './context';
import { analyse, analyseAs, converted } from './expressions';
import { analyseCondition } from './operators';
import { shapeOf } from './shapes';
import { textLiteral } from './values';

/** Translates TO_JSON_STRING. The runtime function receives the BigQuery type of the value. */
export const toJsonString: Special = (call, scope) => {
  count(call, scope, 1, 2);
  const [first, second] = call.args as [Expr, Expr | undefined];
  const value = analyse(first, scope);
  const pretty = second === undefined ? 'false' : analyseCondition(second, scope, 'pretty_print').sql;
  return { sql: `bq_to_json_string(${value.sql}, ${textLiteral(shapeOf(value.type))}, ${pretty})`, type: STRING };
};

/** Translates TO_JSON. The runtime function receives the BigQuery type of the value. */
export const toJson: Special = (call, scope) => {
  const [first, second] = call.args;
  if (first === undefined) return noSignature(call, []);
  const value = analyse(first, scope);
  const wide =
    second?.kind === 'named' && second.name === 'stringify_wide_numbers'
      ? analyseCondition(second.value, scope, 'stringify_wide_numbers').sql
      : 'false';
  return {
    sql: `CAST(bq_to_json_value(${value.sql}, ${textLiteral(shapeOf(value.type))}, ${wide}) AS JSON)`,
    type: JSON_TYPE,
  };
};

/** Translates JSON_ARRAY. */
export const jsonArray: Special = (call, scope) => {
  const items = call.args.map((arg) => {
    const value = analyse(arg, scope);
    return `bq_to_json_value(${value.sql}, ${textLiteral(shapeOf(value.type))}, false)`;
  });
  return {
    sql: `CAST(${items.length === 0 ? "'[]'" : `concat('[', ${items.join(", ',', ")}, ']')`} AS JSON)`,
    type: JSON_TYPE,
  };
};

/** Translates JSON_OBJECT. */
export const jsonObject: Special = (call, scope) => {
  const lists = call.args.length === 2 ? values(call, scope) : [];
  const [keys, items] = lists;
  if (keys?.type.kind === 'ARRAY' && items?.type.kind === 'ARRAY') {
    const names = converted(keys, arrayOf(STRING), call.at);
    if (names === undefined)
      return noSignature(
        call,
        lists.map((value) => typeName(value.type)),
      );
    const shape = textLiteral(shapeOf(items.type.element));
    const made = `list_transform(${items.sql}, lambda ${ELEMENT}: bq_to_json_value(${ELEMENT}, ${shape}, false))`;
    return { sql: `CAST(bq_json_object_of(${names.sql}, ${made}) AS JSON)`, type: JSON_TYPE };
  }
  if (call.args.length % 2 !== 0)
    return failAt(
      call.at,
      `No matching signature for function JSON_OBJECT for argument types: ${values(call, scope)
        .map((value) => typeName(value.type))
        .join(', ')}`,
    );
  const members: string[] = [];
  for (let place = 0; place < call.args.length; place += 2) {
    const [key, item] = [call.args[place], call.args[place + 1]];
    if (key === undefined || item === undefined) continue;
    const name = analyseAs(key, STRING, scope, () => 'The key of JSON_OBJECT must be STRING');
    const value = analyse(item, scope);
    members.push(`${name.sql}, bq_to_json_value(${value.sql}, ${textLiteral(shapeOf(value.type))}, false)`);
  }
  return { sql: `CAST(bq_json_object([${members.join(', ')}]::VARCHAR[]) AS JSON)`, type: JSON_TYPE };
};

/** Translates JSON_SET, JSON_ARRAY_APPEND and JSON_ARRAY_INSERT: a document, then pairs of path and value. */
export function jsonChange(name: string): Special {
  return (call, scope) => {
    const [first, ...rest] = call.args;
    const plain = rest.filter((arg) => arg.kind !== 'named');
    if (first === undefined || plain.length === 0 || plain.length % 2 !== 0)
      return noSignature(
        call,
        values(call, scope).map((value) => typeName(value.type)),
      );
    const document = analyseAs(
      first,
      JSON_TYPE,
      scope,
      (given) => `No matching signature for function ${call.name} for argument types: ${typeName(given)}`,
    );
    const flag = rest.find((arg) => arg.kind === 'named');
    const pairs = plain.map((arg, place) => {
      const value = analyse(arg, scope);
      return place % 2 === 0 ? value.sql : `bq_to_json_value(${value.sql}, ${textLiteral(shapeOf(value.type))}, false)`;
    });
    const option = flag?.kind === 'named' ? analyseCondition(flag.value, scope, flag.name).sql : 'true';
    return {
      sql: `CAST(bq_${name}(${document.sql}, ${option}, [${pairs.join(', ')}]::VARCHAR[]) AS JSON)`,
      type: JSON_TYPE,
    };
  };
}
