import { quoted } from './names';

/**
 * Name of a lambda's parameter in DuckDB's SQL, quoted. DuckDB prefers a column in scope to the parameter of that name; no
 * column, alias or table has a backquote in its name, as backquotes enclose names in BigQuery's SQL and schemas refuse them.
 *
 * @example `list_transform(${array}, lambda ${lambdaParameter('e1')}: ${lambdaParameter('e1')} + 1)`
 */
export function lambdaParameter(name: string): string {
  return quoted(`\`${name}`);
}

/** The parameter of a lambda that is alone, or whose body does not look at the lambda around it. */
export const ELEMENT = lambdaParameter('element');
