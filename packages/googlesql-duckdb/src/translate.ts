import { runScript } from './analysis/script';
import { isPlain } from './analysis/statements';
import type { Outcome, QueryParameter, SqlCatalog, Statement } from './contract';
import { parseScript } from './syntax/parse';
import type { ScriptNode } from './syntax/tree';

/** Options of a query. */
export interface TranslateOptions {
  /** `useLegacySql` of the job. A comment `#legacySQL` or `#standardSQL` in the query overrides it. */
  readonly legacy: boolean;
  readonly parameters?: readonly QueryParameter[];
  readonly catalog: SqlCatalog;
  /** The job that runs the query. */
  readonly jobId?: string;
}

/**
 * Translates a GoogleSQL query or script to DuckDB, one statement at a time. Run each statement, apply its catalog
 * change, then request the next one with the outcome: `generator.next({ rowCount })`. If a statement fails, pass the error to
 * `generator.throw(toSqlError(error))`, because the script may handle it.
 *
 * @throws SqlError with BigQuery's message. A syntax error is thrown before the first statement.
 */
export function translateScript(
  sql: string,
  options: TranslateOptions,
): Generator<Statement, void, Outcome | undefined> {
  const script = parseScript(sql, isLegacy(sql, options.legacy));
  return runScript(script.text, script.statements, {
    legacy: isLegacy(script.text, options.legacy),
    parameters: options.parameters ?? [],
    catalog: options.catalog,
    several: areSeveral(script.statements),
    jobId: options.jobId,
  });
}

/** Whether the query is legacy SQL; a comment at its start overrides the option. */
function isLegacy(sql: string, legacy: boolean): boolean {
  const dialect = /^\s*#(legacy|standard)sql\b/i.exec(sql)?.[1]?.toLowerCase();
  return dialect === undefined ? legacy : dialect === 'legacy';
}

/** Whether the text is a script of several statements; false for text that cannot be parsed. */
export function isScript(sql: string): boolean {
  try {
    return areSeveral(parseScript(sql).statements);
  } catch {
    return false;
  }
}

/** Whether the text is more than one plain statement, or one query after temporary functions. */
function areSeveral(nodes: readonly ScriptNode[]): boolean {
  const last = nodes[nodes.length - 1]?.node;
  if (last === undefined || !isPlain(last)) return true;
  const before = nodes.slice(0, -1);
  const isQuery = last.kind === 'query' && before.every(({ node }) => node.kind === 'createFunction' && node.temporary);
  return before.length > 0 && !isQuery;
}
