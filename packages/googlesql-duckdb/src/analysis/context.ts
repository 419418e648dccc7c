import type { QueryParameter, SqlCatalog, TableInfo, TableRef } from '../contract';
import { PositionedError, SqlError } from '../errors';
import type { Expr, Query, TypeNode } from '../syntax/tree';
import type { SqlType } from '../types';
import type { PartitionFilters } from './partitionFilters';
import type { SystemVariables } from './systemVariables';
import type { Value } from './values';

/** A function that the script created by CREATE TEMP FUNCTION. */
export interface UserFunction {
  readonly name: string;
  readonly parameters: ReadonlyArray<{ readonly name: string; readonly type: TypeNode | 'ANY' }>;
  readonly returns?: TypeNode;
  readonly body: Expr;
}

/** The environment in which one statement is translated. */
export interface Context {
  readonly catalog: SqlCatalog;
  readonly legacy: boolean;
  readonly parameters: readonly QueryParameter[];
  /** Variables of the script, by name in lower case. */
  readonly variables: ReadonlyMap<string, Value>;
  readonly system: SystemVariables;
  /** Functions of the script, by name in lower case. */
  readonly functions: ReadonlyMap<string, UserFunction>;
  /** Tables that the script created by CREATE TEMP TABLE, by name in lower case. */
  readonly temporary: ReadonlyMap<string, TableRef>;
  readonly filters: PartitionFilters;
  readonly now: Date;
  /** Tables that the statement reads, for the job's statistics. */
  readonly reads: Map<string, TableRef>;
  /** Views that are being inlined, to detect a view that refers to itself. */
  readonly views: readonly string[];
  /** Counter for unique relation names within the statement. */
  readonly names: { next: number };
}

/** Key in `variables` of an EXECUTE IMMEDIATE ... USING value, which has a name or a position from 0. */
export function usingKey(nameOrPlace: string | number): string {
  return typeof nameOrPlace === 'number' ? `?${nameOrPlace}` : `@${nameOrPlace.toLowerCase()}`;
}

/** A relation name that is unique within the statement. */
export function freshName(context: Context, stem: string): string {
  context.names.next += 1;
  return `${stem}~${context.names.next}`;
}

/**
 * Stops the translation with an error at an offset of the text.
 *
 * @throws PositionedError always.
 */
export function failAt(at: number, message: string): never {
  throw new PositionedError(message, at);
}

/** `project:dataset.table`. */
export function tableName(ref: TableRef): string {
  return `${ref.projectId}:${ref.datasetId}.${ref.tableId}`;
}

/**
 * Fails because the table, or its dataset, does not exist.
 *
 * @throws SqlError `notFound` always.
 */
export function notFoundTable(ref: TableRef, { catalog }: Context): never {
  const { projectId, datasetId } = ref;
  const isThere = catalog.datasets(projectId).some((dataset) => dataset.datasetId === datasetId);
  const what = isThere ? `Table ${tableName(ref)}` : `Dataset ${projectId}:${datasetId}`;
  throw new SqlError('notFound', `Not found: ${what} was not found in location US`);
}

/**
 * The table that a path of one to three parts names.
 *
 * @throws SqlError when the path has no dataset and the query has no default dataset.
 */
export function tableRefOf(parts: readonly string[], context: Context): TableRef {
  const [first = '', second, third] = parts;
  if (parts.length > 3) {
    throw new SqlError(
      'invalidQuery',
      `Invalid project ID '${parts.slice(0, -2).join('.')}'. Project IDs must contain 6-63 lowercase letters, digits, or dashes. Some project IDs also include domain name separated by a colon. IDs must start with a letter and may not end with a dash.`,
    );
  }
  if (third !== undefined && second !== undefined) return { projectId: first, datasetId: second, tableId: third };
  if (second !== undefined && first.toLowerCase() === '_session') return tableRefOf([second], context);
  if (second !== undefined) return { projectId: context.catalog.defaultProject, datasetId: first, tableId: second };
  const temporary = context.temporary.get(first.toLowerCase());
  if (temporary !== undefined) return temporary;
  const dataset = context.catalog.defaultDataset;
  if (dataset === undefined) {
    throw new SqlError('invalid', `Table "${first}" must be qualified with a dataset (e.g. dataset.table).`);
  }
  return { ...dataset, tableId: first };
}

/**
 * Looks up a table and records that the statement reads it.
 *
 * @throws SqlError `notFound` when the table does not exist.
 */
export function tableAt(ref: TableRef, context: Context): TableInfo {
  const table = context.catalog.table(ref);
  if (table === undefined) return notFoundTable(ref, context);
  context.reads.set(tableName(ref), { projectId: ref.projectId, datasetId: ref.datasetId, tableId: ref.tableId });
  return table;
}

/** A common table expression that the query can name. */
export interface CommonTable {
  readonly name: string;
  readonly relation: string;
  readonly columns: ReadonlyArray<{
    readonly name: string;
    readonly physical: string;
    readonly type: SqlType;
    readonly partitions?: readonly number[];
  }>;
  readonly valueTable: boolean;
}

export type CommonTables = ReadonlyMap<string, CommonTable>;

export type AnalyseQuery = (query: Query) => unknown;
