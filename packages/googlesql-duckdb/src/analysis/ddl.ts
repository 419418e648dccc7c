import type { AlterAction, CatalogChange, DatasetRef, StatementKind, TableField, TableInfo } from '../contract';
import { SqlError } from '../errors';
import { fieldNamed } from '../schema/fields';
import type { AlterNode, PathNode, StatementNode, TypeNode } from '../syntax/tree';
import { fromField, type SqlType, typeName } from '../types';
import { typeOfNode } from './casts';
import { columnNames, foreignKeyOf } from './constraints';
import { type Context, failAt, tableRefOf } from './context';
import { fieldOfColumn, namedSchema, targetOf } from './createTable';
import { schemaOptions, tableOptionsOf, text } from './options';
import { analyseQuery } from './queries';
import { checkDefault } from './storing';

/** A translated DDL statement: the catalog change, and the query that fills a new table (or an empty text). */
export interface Change {
  readonly kind: StatementKind;
  readonly ddl: CatalogChange;
  readonly sql: string;
  readonly schema?: readonly TableField[];
}

/** Translates CREATE VIEW. The catalog keeps the text of the query. */
export function analyseCreateView(node: Extract<StatementNode, { kind: 'createView' }>, context: Context): Change {
  const result = analyseQuery(node.query, context);
  const schema = namedSchema(
    node.columns === undefined
      ? result
      : {
          ...result,
          columns: result.columns.map((column, place) => ({ ...column, name: node.columns?.[place] ?? column.name })),
        },
    node.query.at,
  );
  const ddl: CatalogChange = {
    op: 'createView',
    table: targetOf(node.path, context),
    ifNotExists: node.ifNotExists,
    orReplace: node.orReplace,
    query: node.queryText,
    legacy: context.legacy,
    schema,
    options: tableOptionsOf(node.options, context),
  };
  return { kind: 'CREATE_VIEW', ddl, sql: '', schema };
}

/** The dataset of a path with or without a project. */
export function datasetOf(path: PathNode, context: Context): DatasetRef {
  const [first = '', second] = path.parts;
  return second === undefined
    ? { projectId: context.catalog.defaultProject, datasetId: first }
    : { projectId: first, datasetId: second };
}

/** Translates CREATE SCHEMA. */
export function analyseCreateSchema(node: Extract<StatementNode, { kind: 'createSchema' }>, context: Context): Change {
  return {
    kind: 'CREATE_SCHEMA',
    sql: '',
    ddl: {
      op: 'createSchema',
      dataset: datasetOf(node.path, context),
      ifNotExists: node.ifNotExists,
      options: schemaOptions(node.options, context),
    },
  };
}

/** Translates DROP of any kind. */
export function analyseDrop(node: Extract<StatementNode, { kind: 'drop' }>, context: Context): Change {
  if (node.what === 'SCHEMA')
    return {
      kind: 'DROP_SCHEMA',
      sql: '',
      ddl: { op: 'dropSchema', dataset: datasetOf(node.path, context), ifExists: node.ifExists, cascade: node.cascade },
    };
  const table = tableRefOf(node.path.parts, context);
  const { what, ifExists } = node;
  if (what === 'TABLE') return { kind: 'DROP_TABLE', sql: '', ddl: { op: 'dropTable', table, ifExists } };
  if (what === 'VIEW') return { kind: 'DROP_VIEW', sql: '', ddl: { op: 'dropView', table, ifExists } };
  const kind = `DROP_${what.replace(' ', '_')}` as StatementKind;
  return { kind, sql: '', ddl: { op: 'dropAbsent', what, table, ifExists } };
}

/** Translates ALTER TABLE, VIEW and SCHEMA. */
export function analyseAlter(node: Extract<StatementNode, { kind: 'alter' }>, context: Context): Change {
  if (node.what === 'SCHEMA') {
    const options = node.actions.flatMap((action) =>
      action.kind === 'options' ? action.options : failAt(node.at, 'ALTER SCHEMA supports SET OPTIONS only'),
    );
    return {
      kind: 'ALTER_SCHEMA',
      sql: '',
      ddl: {
        op: 'alterSchema',
        dataset: datasetOf(node.path, context),
        ifExists: node.ifExists,
        options: schemaOptions(options, context),
      },
    };
  }
  const table = tableRefOf(node.path.parts, context);
  const existing = context.catalog.table(table);
  const actions = node.actions.map((action) => alterAction(action, existing, context));
  return {
    kind: node.what === 'VIEW' ? 'ALTER_VIEW' : 'ALTER_TABLE',
    sql: '',
    ddl: { op: 'alterTable', what: node.what, table, ifExists: node.ifExists, actions },
  };
}

function alterAction(action: AlterNode, table: TableInfo | undefined, context: Context): AlterAction {
  const fields = table?.schema ?? [];
  switch (action.kind) {
    case 'addColumn':
      if (action.column.notNull)
        throw new SqlError(
          'invalidQuery',
          `Cannot add required column ${action.column.name} to an existing table schema.`,
        );
      return { kind: 'addColumn', field: fieldOfColumn(action.column, context), ifNotExists: action.ifNotExists };
    case 'setType':
      checkAssignable(action, fields);
      return {
        kind: 'setType',
        name: action.name,
        field: fieldOfColumn(
          {
            name: action.name.split('.').at(-1) ?? action.name,
            type: action.type,
            notNull: false,
            options: [],
          },
          context,
        ),
      };
    case 'columnOptions': {
      const description = action.options.find((option) => option.name === 'description');
      return {
        kind: 'setColumnOptions',
        name: action.name,
        description: description && text(description.value),
      };
    }
    case 'addConstraint': {
      const { constraint, ifNotExists } = action;
      if (constraint.kind === 'primaryKey')
        return { kind: 'addPrimaryKey', columns: columnNames(constraint.columns, fields) };
      const others = table?.tableConstraints?.foreignKeys ?? [];
      return { kind: 'addForeignKey', key: foreignKeyOf(constraint, fields, others, context), ifNotExists };
    }
    case 'columnDefault': {
      const field = fieldNamed(fields, action.name);
      if (field !== undefined && action.text !== null)
        checkDefault({ ...field, defaultValueExpression: action.text }, action.at, context);
      return { kind: 'setColumnDefault', name: action.name, expression: action.text };
    }
    case 'options':
      return { kind: 'setOptions', options: tableOptionsOf(action.options, context) };
    default:
      return action;
  }
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  INT64: ['NUMERIC', 'BIGNUMERIC', 'FLOAT64'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64'],
  BIGNUMERIC: ['FLOAT64'],
};

/** Fails if the new type cannot hold every value of the column. */
function checkAssignable(action: Extract<AlterNode, { kind: 'setType' }>, fields: readonly TableField[]): void {
  const [first = '', ...rest] = action.name.split('.');
  const field = rest.reduce(
    (parent, name) => parent?.fields && fieldNamed(parent.fields, name),
    fieldNamed(fields, first),
  );
  if (field === undefined) return;
  const from = fromField(field);
  const to = typeOfNode(action.type);
  if (isAssignable(from, to) && !isNarrower(field, action.type)) return;
  const [old, wanted] = [limited(typeName(from), limitsOf(field)), limited(typeName(to), action.type.parameters)];
  failAt(
    action.type.at,
    `ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (${old}) is assignable to the new type (${wanted})`,
  );
}

function limitsOf({ maxLength, precision, scale }: TableField): string[] {
  return [maxLength ?? precision, scale].flatMap((limit) => limit ?? []);
}

function limited(name: string, limits: readonly string[]): string {
  return limits.length === 0 ? name : `${name}(${limits.join(', ')})`;
}

/** Whether the new type, of the same kind, holds fewer characters or digits than the column. */
function isNarrower(field: TableField, { parameters }: TypeNode): boolean {
  const [size, scale = 0] = parameters.map(Number);
  const [oldSize = Number.POSITIVE_INFINITY, oldScale = 0] = limitsOf(field).map(Number);
  return size !== undefined && (size - scale < oldSize - oldScale || scale < oldScale);
}

function isAssignable(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'ARRAY') return to.kind === 'ARRAY' && isAssignable(from.element, to.element);
  if (from.kind === 'STRUCT') {
    return (
      to.kind === 'STRUCT' &&
      from.fields.length === to.fields.length &&
      from.fields.every(({ type }, place) => isAssignable(type, to.fields[place]?.type ?? type))
    );
  }
  return typeName(from) === typeName(to) || (WIDER[from.kind] ?? []).includes(to.kind);
}
