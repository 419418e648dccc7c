import { placed } from '../errors';
import { Cursor } from './cursor';
import { parseQuery } from './queries';
import { checkScript } from './scriptChecks';
import { parseStatements } from './statements';
import type { Query, ScriptNode } from './tree';

/** A parsed script. */
export interface Script {
  readonly text: string;
  readonly statements: readonly ScriptNode[];
  /** How many `?` the text holds. */
  readonly positions: number;
}

/**
 * Parses a script of BigQuery SQL.
 *
 * @throws SqlError `Syntax error: Unexpected keyword FROM at [1:8]` and the like.
 */
export function parseScript(text: string, legacy = false): Script {
  try {
    const cursor = new Cursor(text, legacy);
    const statements = parseStatements(cursor, () => false);
    checkScript(statements);
    if (statements.length === 0) cursor.fail('Unexpected end of statement');
    return { text, statements, positions: cursor.positions };
  } catch (error) {
    throw placed(error, text);
  }
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
    throw placed(error, text);
  }
}
