import type { Cursor } from './cursor';
import { parenthesised, parseList } from './lists';
import type { ConstraintNode, Named } from './tree';

const names = (cursor: Cursor): readonly Named[] =>
  parenthesised(cursor, (inner) => parseList(inner, (one) => one.named()));

/** Parses `[CONSTRAINT name] PRIMARY KEY (...)` or FOREIGN KEY of a table; undefined if neither follows. */
export function parseConstraint(cursor: Cursor): ConstraintNode | undefined {
  const name = parseName(cursor);
  if (cursor.takeWords('PRIMARY', 'KEY')) {
    const columns = names(cursor);
    expectNotEnforced(cursor);
    return { kind: 'primaryKey', name, columns };
  }
  if (cursor.takeWords('FOREIGN', 'KEY')) return parseReferences(cursor, name, names(cursor));
  return name === undefined ? undefined : cursor.fail(cursor.unexpected());
}

/** Parses PRIMARY KEY or REFERENCES after the type of a column; undefined if neither follows. */
export function parseColumnConstraint(cursor: Cursor, column: Named): ConstraintNode | undefined {
  const name = parseName(cursor);
  if (cursor.takeWords('PRIMARY', 'KEY')) {
    expectNotEnforced(cursor);
    return { kind: 'primaryKey', name, columns: [column] };
  }
  if (cursor.isWord('REFERENCES')) return parseReferences(cursor, name, [column]);
  return name === undefined ? undefined : cursor.fail(cursor.unexpected());
}

function parseName(cursor: Cursor): string | undefined {
  return cursor.isWord('CONSTRAINT') && cursor.isIdentifier(1) && cursor.takeWord('CONSTRAINT')
    ? cursor.identifier()
    : undefined;
}

function parseReferences(cursor: Cursor, name: string | undefined, columns: readonly Named[]): ConstraintNode {
  cursor.expectWord('REFERENCES');
  const table = cursor.path();
  const referenced = names(cursor);
  expectNotEnforced(cursor);
  return { kind: 'foreignKey', name, columns, table, referenced };
}

function expectNotEnforced(cursor: Cursor): void {
  cursor.expectWord('NOT');
  cursor.expectWord('ENFORCED');
}
