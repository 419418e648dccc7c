import { lineAndColumn, SqlError, withLineAndColumn } from '../errors';
import { Cursor, HINT } from './cursor';
import { parseQuery } from './queries';
import { checkScript } from './scriptChecks';
import { parseStatements } from './statements';
import type { Query, ScriptNode } from './tree';

/** A parsed script. */
export interface Script {
  readonly text: string;
  readonly statements: readonly ScriptNode[];
  /** Number of `?` parameters in the text. */
  readonly positions: number;
}

/**
 * Parses a query or script.
 *
 * @throws SqlError for a syntax error, e.g. `Syntax error: Unexpected keyword FROM at [1:8]`.
 */
export function parseScript(text: string, legacy = false): Script {
  try {
    const cursor = new Cursor(text, legacy);
    const statements = parseStatements(cursor, () => false);
    if (legacy) checkLegacy(statements, text);
    checkScript(statements);
    if (statements.length === 0) cursor.fail('Unexpected end of statement');
    return { text, statements, positions: cursor.positions };
  } catch (error) {
    throw withLineAndColumn(error, text);
  }
}

/** Fails unless legacy SQL is one SELECT. */
function checkLegacy(nodes: readonly ScriptNode[], text: string): void {
  const wrong = nodes.find(({ node, start }, place) => place > 0 || node.kind !== 'query' || !isSelect(text, start));
  if (wrong === undefined) return;
  const { line, column } = lineAndColumn(text, wrong.start);
  const word = /^\S\w*/.exec(text.slice(wrong.start))?.[0] ?? '';
  throw new SqlError(
    'invalidQuery',
    `Encountered " "${word.toUpperCase()}" "${word} "" at line ${line}, column ${column}.\nWas expecting:\n    <EOF>${HINT}`,
  );
}

function isSelect(text: string, start: number): boolean {
  return !/^with\b/i.test(text.slice(start));
}

/** Parses the query of a view. */
export function parseViewQuery(text: string, legacy = false): Query {
  try {
    const cursor = new Cursor(text, legacy);
    const query = parseQuery(cursor);
    cursor.takeSymbol(';');
    cursor.end();
    return query;
  } catch (error) {
    throw withLineAndColumn(error, text);
  }
}
