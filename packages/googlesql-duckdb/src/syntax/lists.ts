import type { Cursor } from './cursor';

/** Parses one or more items separated by commas. */
export function parseList<T>(cursor: Cursor, item: (cursor: Cursor) => T): T[] {
  const items = [item(cursor)];
  while (cursor.takeSymbol(',')) items.push(item(cursor));
  return items;
}

/** Parses `inner` in parentheses. */
export function parenthesised<T>(cursor: Cursor, inner: (cursor: Cursor) => T): T {
  cursor.expectSymbol('(');
  const value = inner(cursor);
  cursor.expectSymbol(')');
  return value;
}
