/**
 * Whether a text is one query, whose rows can go into a table: SELECT, WITH or FROM, and nothing behind it. DML, DDL and
 * scripts write where they say themselves (spec 2, section 7, no. 27).
 *
 * @example isQuery('-- rows\nSELECT 1')   // true
 * @example isQuery("INSERT INTO t SELECT 'a'") // false
 */
export function isQuery(sql: string): boolean {
  const bare = withoutCommentsAndTexts(sql).trim().replace(/;\s*$/, '');
  return /^[\s(]*(?:SELECT|WITH|FROM)\b/i.test(bare) && !bare.includes(';');
}

/** Comments become blanks, quoted texts and names become empty ones, so that what is left is syntax. */
function withoutCommentsAndTexts(sql: string): string {
  return sql.replace(QUOTED_OR_COMMENT, (found) => (/^(?:--|#|\/\*)/.test(found) ? ' ' : "''"));
}

const QUOTED_OR_COMMENT =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`[^`]*`/g;
