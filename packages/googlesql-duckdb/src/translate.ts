import { Script } from './analysis/script';
import { isPlain } from './analysis/statements';
import type { Outcome, QueryParameter, SqlCatalog, Statement } from './contract';
import { parseScript } from './syntax/parse';
import type { ScriptNode } from './syntax/tree';

export * from './contract';
export { SqlError, toSqlError } from './errors';

/** How a query is to be read. */
export interface TranslateOptions {
  /** `#legacySQL`, or useLegacySql of the job. */
  readonly legacy: boolean;
  readonly parameters?: readonly QueryParameter[];
  readonly catalog: SqlCatalog;
  /** The job that runs the query. */
  readonly jobId?: string;
}

/**
 * Translates BigQuery SQL for DuckDB, statement by statement: ask for the next one when the one before was executed and
 * the catalog shows what it did; say what the one before came to. When a statement fails, `throw` its error into the generator: the script may handle it.
 *
 * @throws SqlError in BigQuery's wording; for errors of syntax, before the first statement.
 */
export function translateScript(
  sql: string,
  options: TranslateOptions,
): Generator<Statement, void, Outcome | undefined> {
  const script = parseScript(sql, isLegacy(sql, options.legacy));
  return statements(script.text, script.statements, options);
}

function* statements(
  text: string,
  nodes: ReturnType<typeof parseScript>['statements'],
  options: TranslateOptions,
): Generator<Statement, void, Outcome | undefined> {
  const script = new Script(text, {
    legacy: isLegacy(text, options.legacy),
    parameters: options.parameters ?? [],
    catalog: options.catalog,
    several: areSeveral(nodes),
    ...(options.jobId === undefined ? {} : { jobId: options.jobId }),
  });
  yield* script.run(nodes);
}

/** A comment may say which dialect it is. */
function isLegacy(sql: string, legacy: boolean): boolean {
  const mark = /^\s*#(legacy|standard)sql\b/i.exec(sql)?.[1]?.toLowerCase();
  return mark === undefined ? legacy : mark === 'legacy';
}

/** Is the text a script? False for text that cannot be parsed. */
export function isScript(sql: string): boolean {
  try {
    return areSeveral(parseScript(sql).statements);
  } catch {
    return false;
  }
}

/** Are these more than one plain statement, or one query after temporary functions? */
function areSeveral(nodes: readonly ScriptNode[]): boolean {
  const last = nodes[nodes.length - 1]?.node;
  if (last === undefined || !isPlain(last)) return true;
  const before = nodes.slice(0, -1);
  const isQuery = last.kind === 'query' && before.every(({ node }) => node.kind === 'createFunction' && node.temporary);
  return before.length > 0 && !isQuery;
}
