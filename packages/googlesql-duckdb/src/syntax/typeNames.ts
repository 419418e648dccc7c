import { parseColumnConstraint } from './constraints';
import type { Cursor } from './cursor';
import type { ColumnNode, ConstraintNode, Named, OptionNode, TypeNode } from './tree';

/** Parses a type: `INT64`, `STRING(10)`, `NUMERIC(10, 2)`, `ARRAY<...>`, `STRUCT<a INT64, ...>`, `RANGE<DATE>`. */
export function parseType(cursor: Cursor): TypeNode {
  const at = cursor.at;
  if (cursor.peek().kind !== 'identifier') cursor.fail(cursor.unexpected());
  const name = cursor.next().value.toUpperCase();
  if (name === 'ARRAY' || name === 'RANGE') {
    cursor.expectSymbol('<');
    const element = parseType(cursor);
    cursor.expectSymbol('>');
    return { name, element, parameters: [], at };
  }
  if (name === 'STRUCT') {
    cursor.expectSymbol('<');
    const fields: ColumnNode[] = [];
    if (!cursor.isSymbol('>')) {
      do fields.push(parseField(cursor));
      while (cursor.takeSymbol(','));
    }
    cursor.expectSymbol('>');
    return { name, fields, parameters: [], at };
  }
  const parameters: string[] = [];
  if (cursor.isSymbol('(')) {
    cursor.next();
    do parameters.push(cursor.next().value);
    while (cursor.takeSymbol(','));
    cursor.expectSymbol(')');
  }
  return { name, parameters, at };
}

/** Parses a field of a struct type, whose name is optional. */
function parseField(cursor: Cursor): ColumnNode {
  const after = cursor.peek(1);
  const named = cursor.isIdentifier() && (after.kind === 'identifier' || after.kind === 'quoted');
  const name = named ? cursor.identifier() : undefined;
  const type = parseType(cursor);
  return { name, type, ...parseColumnRest(cursor, () => []) };
}

/** Parses the clauses after a column's type. `options` parses OPTIONS(...), which needs expressions. */
export function parseColumnRest(
  cursor: Cursor,
  options: (cursor: Cursor) => OptionNode[],
  column?: Named,
): Pick<ColumnNode, 'notNull' | 'options' | 'defaultText' | 'constraint'> {
  let constraint: ConstraintNode | undefined;
  let notNull = false;
  let optionNodes: readonly OptionNode[] = [];
  let defaultText: string | undefined;
  for (;;) {
    if (cursor.takeWords('NOT', 'NULL')) notNull = true;
    else if (cursor.isWord('OPTIONS')) optionNodes = options(cursor);
    else if (cursor.isWord('DEFAULT')) defaultText = parseDefaultText(cursor);
    else if (cursor.isWord('COLLATE')) cursor.skipCollation();
    else {
      const key = column === undefined ? undefined : parseColumnConstraint(cursor, column);
      if (key === undefined) return { notNull, options: optionNodes, defaultText, constraint };
      constraint = key;
    }
  }
}

/** Reads the text of a DEFAULT expression. INSERT translates it. */
function parseDefaultText(cursor: Cursor): string {
  cursor.next();
  const start = cursor.at;
  let depth = 0;
  while (cursor.peek().kind !== 'end') {
    if (
      depth === 0 &&
      (cursor.isSymbol(',') ||
        cursor.isSymbol(')') ||
        cursor.isWord('OPTIONS') ||
        cursor.isWord('PRIMARY') ||
        cursor.isWord('REFERENCES') ||
        cursor.isWord('CONSTRAINT') ||
        cursor.isSymbol(';') ||
        cursor.areWords('NOT', 'NULL'))
    )
      break;
    if (cursor.isSymbol('(') || cursor.isSymbol('[')) depth += 1;
    if (cursor.isSymbol(')') || cursor.isSymbol(']')) depth -= 1;
    cursor.next();
  }
  return cursor.text.slice(start, cursor.previousEnd);
}
