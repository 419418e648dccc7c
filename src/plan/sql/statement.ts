import type { TableReference } from '../../rules/tableReference';
import { quotedTable } from '../destination';
import { identifier, type Selection, select, selectedNames } from './select';

/**
 * The INSERT that appends the rows of a SELECT to a table. The table name is in backticks and includes the project: without
 * one, BigQuery would look for the table in the project of the job (docs/compatibility.md#dml).
 *
 * @example insertInto({ projectId: 'p', datasetId: 'ds', tableId: 't' }, selection) // 'INSERT INTO `p.ds.t`(id) SELECT …'
 */
export function insertInto(table: TableReference, selection: Selection): string {
  const names = selectedNames(selection).map(identifier).join(',');
  return `INSERT INTO ${quotedTable(table)}(${names}) ${select(selection)}`;
}

/**
 * Whether a text is a single query (SELECT, WITH or FROM), whose rows can be written to a destination table. DML, DDL and
 * scripts name their tables themselves; BigQuery rejects a destination table for them (docs/compatibility.md#actions).
 *
 * @example isQuery('-- rows\nSELECT 1')   // true
 * @example isQuery("INSERT INTO t SELECT 'a'") // false
 */
export function isQuery(sql: string): boolean {
  const bare = withoutCommentsAndTexts(sql).trim().replace(/;\s*$/, '');
  return /^[\s(]*(?:SELECT|WITH|FROM)\b/i.test(bare) && !bare.includes(';');
}

/** Only the syntax: comments become blanks, quoted texts and names become empty texts. */
function withoutCommentsAndTexts(sql: string): string {
  return sql.replace(QUOTED_OR_COMMENT, (match) => (/^(?:--|#|\/\*)/.test(match) ? ' ' : "''"));
}

const QUOTED_OR_COMMENT =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`[^`]*`/g;
