import { quoted } from './names';

/**
 * The quoted name of a lambda parameter in DuckDB SQL. DuckDB prefers a column in scope over a lambda parameter of the
 * same name. The backquote in the name prevents that: neither GoogleSQL names nor schemas can contain backquotes.
 *
 * @example `list_transform(${array}, lambda ${lambdaParameter('e1')}: ${lambdaParameter('e1')} + 1)`
 */
export function lambdaParameter(name: string): string {
  return quoted(`\`${name}`);
}

/** Parameter of a lambda whose body does not use the parameter of an enclosing lambda. */
export const ELEMENT = lambdaParameter('element');
