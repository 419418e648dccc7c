import type { AlterAction, TableConstraints, TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed, quoted } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import { BigQueryError, duplicate } from '../errors';
import { normalSchema } from '../fields';
import { alterRelation, fillArrays } from '../relations';
import { type TableResource, tableName } from '../resources';
import type { JobContext } from './context';
import type { Change, DdlOutcome } from './ddlChange';
import { existingTable, withTableOptions, wrongKind } from './ddlTables';

/** ALTER TABLE and ALTER VIEW: runs the actions one after the other, all or none. */
export async function alterTable(
  context: JobContext,
  transaction: Transaction,
  { what, table: ref, ifExists, actions }: Change<'alterTable'>,
): Promise<DdlOutcome> {
  const { catalog } = context;
  if (ifExists && !catalog.findTable(ref)) return { operation: 'SKIP' };
  const table = existingTable(context, ref);
  if (table.resource.type !== what) throw wrongKind(table);
  let resource = table.resource;
  for (const action of actions) resource = await alter(transaction, resource, table.relation, action);
  if (table.relation) {
    const before = table.resource.schema?.fields ?? [];
    await fillArrays(transaction, table.relation, before, resource.schema?.fields ?? []);
  }
  const target = resource.tableReference;
  if (target.tableId !== ref.tableId) {
    if (catalog.findTable(target)) throw duplicate(`Table ${tableName(target)}`);
    await catalog.forgetTable(transaction, table);
  }
  await catalog.putTable(transaction, resource, table.relation, table);
  return { operation: 'ALTER' };
}

async function alter(
  transaction: Transaction,
  resource: TableResource,
  relation: string,
  action: AlterAction,
): Promise<TableResource> {
  const fields = resource.schema?.fields ?? [];
  const ref = resource.tableReference;
  switch (action.kind) {
    case 'addColumn': {
      if (fieldNamed(fields, action.field.name)) {
        if (action.ifNotExists) return resource;
        throw refused(`Column already exists: ${action.field.name}`);
      }
      if (action.field.mode === 'REQUIRED') {
        throw refused(`Cannot add required columns to an existing table schema: ${action.field.name}`);
      }
      const after = [...fields, ...normalSchema([action.field])];
      await alterRelation(transaction, relation, fields, after);
      return { ...resource, schema: { fields: after } };
    }
    case 'dropColumn': {
      const field = columnOf(fields, action.name, ref, action.ifExists);
      if (!field) return resource;
      checkUnused(resource, field.name);
      if (fields.length === 1) throw refused(`Cannot drop the last column of ${tableName(ref)}`);
      await transaction.run(`ALTER TABLE ${relation} DROP COLUMN ${quoted(field.name)}`);
      return { ...resource, schema: { fields: fields.filter((one) => one !== field) } };
    }
    case 'renameColumn': {
      const field = columnOf(fields, action.from, ref, action.ifExists);
      if (!field) return resource;
      checkUnused(resource, field.name);
      await transaction.run(`ALTER TABLE ${relation} RENAME COLUMN ${quoted(field.name)} TO ${quoted(action.to)}`);
      return { ...resource, schema: { fields: changed(fields, field.name, (one) => ({ ...one, name: action.to })) } };
    }
    case 'renameTable': {
      const tableReference = { ...ref, tableId: action.to };
      return { ...resource, tableReference, id: tableName(tableReference) };
    }
    case 'setType': {
      const after = changedAt(fields, action.name.split('.'), ref, (one) => {
        const [field = one] = normalSchema([{ ...action.field, name: one.name }]);
        return { ...field, mode: one.mode ?? 'NULLABLE' };
      });
      await alterRelation(transaction, relation, fields, after);
      return { ...resource, schema: { fields: after } };
    }
    case 'dropNotNull':
      return withFields(
        resource,
        changedAt(fields, action.name.split('.'), ref, (one) => ({ ...one, mode: 'NULLABLE' })),
      );
    case 'setColumnOptions':
      return withFields(
        resource,
        changedAt(fields, action.name.split('.'), ref, ({ description: _old, ...one }) =>
          action.description ? { ...one, description: action.description } : one,
        ),
      );
    case 'setColumnDefault':
      return withFields(
        resource,
        changedAt(fields, [action.name], ref, ({ defaultValueExpression: _old, ...one }) =>
          action.expression === null ? one : { ...one, defaultValueExpression: action.expression },
        ),
      );
    case 'addPrimaryKey':
      if (resource.tableConstraints?.primaryKey) throw refused(`Already Exists: primary key of ${tableName(ref)}`);
      return withConstraints(resource, { primaryKey: { columns: action.columns } });
    case 'addForeignKey': {
      const { foreignKeys = [] } = resource.tableConstraints ?? {};
      const { key, ifNotExists } = action;
      if (!foreignKeys.some((one) => one.name === key.name))
        return withConstraints(resource, { foreignKeys: [...foreignKeys, key] });
      if (ifNotExists) return resource;
      throw refused(`Already Exists: Constraint ${key.name} of ${tableName(ref)}`);
    }
    case 'dropConstraint':
      return withoutConstraint(resource, action);
    case 'setOptions':
      return withTableOptions(resource, action.options);
  }
}

function withConstraints(resource: TableResource, more: TableConstraints): TableResource {
  return { ...resource, tableConstraints: { ...resource.tableConstraints, ...more } };
}

function withoutConstraint(
  resource: TableResource,
  { name, ifExists }: Extract<AlterAction, { kind: 'dropConstraint' }>,
): TableResource {
  const { primaryKey, foreignKeys = [] } = resource.tableConstraints ?? {};
  const isPrimary = name === undefined || name === 'pk$';
  const exists = isPrimary ? primaryKey !== undefined : foreignKeys.some((one) => one.name === name);
  if (!exists) {
    if (ifExists) return resource;
    const what = isPrimary ? 'Primary key' : `Constraint ${name}`;
    throw refused(`Not found: ${what} of ${tableName(resource.tableReference)}`);
  }
  const { primaryKey: _old, ...others } = resource.tableConstraints ?? {};
  if (isPrimary) return { ...resource, tableConstraints: others };
  return withConstraints(resource, { foreignKeys: foreignKeys.filter((one) => one.name !== name) });
}

function withFields(resource: TableResource, fields: TableField[]): TableResource {
  return { ...resource, schema: { fields } };
}

function changed(fields: readonly TableField[], name: string, change: (field: TableField) => TableField): TableField[] {
  return fields.map((field) => (field.name.toLowerCase() === name.toLowerCase() ? change(field) : field));
}

/** Changes the field at a dotted path. @throws BigQueryError when it does not exist. */
function changedAt(
  fields: readonly TableField[],
  [name = '', ...rest]: string[],
  table: TableReference,
  change: (field: TableField) => TableField,
): TableField[] {
  columnOf(fields, name, table, false);
  return changed(fields, name, (field) =>
    rest.length === 0 ? change(field) : { ...field, fields: changedAt(field.fields ?? [], rest, table, change) },
  );
}

function columnOf(
  fields: readonly TableField[],
  name: string,
  table: TableReference,
  ifExists: boolean,
): TableField | undefined {
  const field = fieldNamed(fields, name);
  if (field || ifExists) return field;
  throw refused(`Column not found: ${name} in table ${tableName(table)}`);
}

/** @throws BigQueryError when partitioning, clustering or a key uses the column. */
function checkUnused(resource: TableResource, name: string): void {
  const used = [
    resource.timePartitioning?.field,
    resource.rangePartitioning?.field,
    ...(resource.clustering?.fields ?? []),
    ...(resource.tableConstraints?.primaryKey?.columns ?? []),
    ...(resource.tableConstraints?.foreignKeys ?? []).flatMap((key) =>
      key.columnReferences.map((one) => one.referencingColumn),
    ),
  ];
  if (!used.some((one) => one?.toLowerCase() === name.toLowerCase())) return;
  throw refused(`Column ${name} is used for partitioning, clustering or a key and cannot be dropped or renamed`);
}

function refused(message: string): BigQueryError {
  return new BigQueryError(400, 'invalidQuery', message, 'query');
}
