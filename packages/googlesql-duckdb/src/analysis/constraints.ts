import type { ForeignKey, TableConstraints, TableField, TableInfo } from '../contract';
import { SqlError } from '../errors';
import { fieldNamed } from '../schema/fields';
import type { ConstraintNode, Named } from '../syntax/tree';
import { type Context, failAt, tableRefOf } from './context';

/** The primary and foreign keys of CREATE TABLE. */
export function constraintsOf(
  nodes: readonly ConstraintNode[],
  schema: readonly TableField[],
  context: Context,
): TableConstraints {
  const primary = nodes.filter((node) => node.kind === 'primaryKey');
  if (primary.length > 1) throw new SqlError('invalidQuery', 'A table can have one primary key only');
  const foreignKeys: ForeignKey[] = [];
  for (const node of nodes) {
    if (node.kind === 'foreignKey') foreignKeys.push(foreignKeyOf(node, schema, foreignKeys, context));
  }
  const [key] = primary;
  return {
    primaryKey: key && { columns: columnNames(key.columns, schema) },
    foreignKeys: foreignKeys.length === 0 ? undefined : foreignKeys,
  };
}

/** The column names of a key; fails if the table lacks one. */
export function columnNames(columns: readonly Named[], schema: readonly TableField[]): string[] {
  return columns.map(({ name, at }) => fieldNamed(schema, name)?.name ?? failAt(at, `Unrecognized name: ${name}`));
}

/** A foreign key. One without a name is named by the next free number. */
export function foreignKeyOf(
  node: Extract<ConstraintNode, { kind: 'foreignKey' }>,
  schema: readonly TableField[],
  others: readonly ForeignKey[],
  context: Context,
): ForeignKey {
  if (node.columns.length !== node.referenced.length)
    failAt(node.table.at, 'A foreign key must have as many columns as it references');
  const { projectId, datasetId, tableId } = tableRefOf(node.table.parts, context);
  return {
    name: node.name ?? `fk$${others.length + 1}`,
    referencedTable: { projectId, datasetId, tableId },
    columnReferences: columnNames(node.columns, schema).map((referencingColumn, place) => ({
      referencingColumn,
      referencedColumn: node.referenced[place]?.name ?? '',
    })),
  };
}

interface Key {
  readonly name: string;
  readonly type: 'PRIMARY KEY' | 'FOREIGN KEY';
  readonly columns: readonly string[];
  readonly table: TableInfo;
  readonly referenced?: ForeignKey;
}

function keysOf(table: TableInfo): Key[] {
  const { primaryKey, foreignKeys = [] } = table.tableConstraints ?? {};
  return [
    ...(primaryKey === undefined
      ? []
      : [{ name: 'pk$', type: 'PRIMARY KEY' as const, columns: primaryKey.columns, table }]),
    ...foreignKeys.map((key) => ({
      name: key.name,
      type: 'FOREIGN KEY' as const,
      columns: key.columnReferences.map((one) => one.referencingColumn),
      table,
      referenced: key,
    })),
  ];
}

function keyNames({ name, table: { projectId, datasetId, tableId } }: Key) {
  return { constraint_catalog: projectId, constraint_schema: datasetId, constraint_name: `${tableId}.${name}` };
}

function tableNames(table: { projectId: string; datasetId: string; tableId: string }) {
  return { table_catalog: table.projectId, table_schema: table.datasetId, table_name: table.tableId };
}

/** Rows of TABLE_CONSTRAINTS. */
export function constraintRows(table: TableInfo) {
  return keysOf(table).map((key) => ({
    ...keyNames(key),
    ...tableNames(table),
    constraint_type: key.type,
    is_deferrable: 'NO',
    initially_deferred: 'NO',
    enforced: 'NO',
  }));
}

/** Rows of KEY_COLUMN_USAGE. */
export function keyRows(table: TableInfo, tables: readonly TableInfo[]) {
  return keysOf(table).flatMap((key) =>
    key.columns.map((column_name, place) => ({
      ...keyNames(key),
      ...tableNames(table),
      column_name,
      ordinal_position: place + 1,
      position_in_unique_constraint: key.referenced && positionIn(key.referenced, place, tables),
    })),
  );
}

/** Position of a referenced column in the primary key of its table. */
function positionIn({ referencedTable, columnReferences }: ForeignKey, place: number, tables: readonly TableInfo[]) {
  const table = tables.find(
    (one) => one.datasetId === referencedTable.datasetId && one.tableId === referencedTable.tableId,
  );
  const wanted = columnReferences[place]?.referencedColumn.toLowerCase();
  const index = table?.tableConstraints?.primaryKey?.columns.findIndex((name) => name.toLowerCase() === wanted) ?? -1;
  return index < 0 ? undefined : index + 1;
}

/** Rows of CONSTRAINT_COLUMN_USAGE. A primary key uses its own columns, a foreign key the referenced columns. */
export function usageRows(table: TableInfo) {
  return keysOf(table).flatMap((key) => {
    const used = key.referenced?.columnReferences.map((one) => one.referencedColumn) ?? key.columns;
    const of = tableNames(key.referenced?.referencedTable ?? table);
    return used.map((column_name) => ({ ...of, column_name, ...keyNames(key) }));
  });
}
