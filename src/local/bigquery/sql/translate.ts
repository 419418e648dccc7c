import { Script } from './analysis/script';
import { isPlain } from './analysis/statements';
import type { QueryParameter, SqlCatalog, Statement } from './contract';
import { parseScript } from './syntax/parse';

export * from './contract';
export { SqlError, toSqlError } from './errors';

/** How a query is to be read. */
export interface TranslateOptions {
  /** `#legacySQL`, or useLegacySql of the job. */
  readonly legacy: boolean;
  readonly parameters?: readonly QueryParameter[];
  readonly catalog: SqlCatalog;
}

/**
 * Translates BigQuery SQL for DuckDB, statement by statement: ask for the next one when the one before was executed and
 * the catalog shows what it did. When a statement fails, `throw` its error into the generator: the script may handle it.
 *
 * @throws SqlError in BigQuery's wording; for errors of syntax, before the first statement.
 */
export function translateScript(sql: string, options: TranslateOptions): Generator<Statement, void, void> {
  const script = parseScript(sql, isLegacy(sql, options.legacy));
  return statements(script.text, script.statements, options);
}

function* statements(
  text: string,
  nodes: ReturnType<typeof parseScript>['statements'],
  options: TranslateOptions,
): Generator<Statement, void, void> {
  const script = new Script(text, {
    legacy: isLegacy(text, options.legacy),
    parameters: options.parameters ?? [],
    catalog: options.catalog,
  });
  yield* script.run(nodes);
}

/** A comment may say which dialect it is. */
function isLegacy(sql: string, legacy: boolean): boolean {
  const mark = /^\s*#(legacy|standard)sql\b/i.exec(sql)?.[1]?.toLowerCase();
  return mark === undefined ? legacy : mark === 'legacy';
}

/** Does the text hold more than one plain statement? False for text that cannot be parsed. */
export function isScript(sql: string): boolean {
  try {
    const { statements: nodes } = parseScript(sql);
    return nodes.length > 1 || nodes.some(({ node }) => !isPlain(node));
  } catch {
    return false;
  }
}
