import type { DatasetInfo, TableInfo } from '../contract';
import { SqlError } from '../errors';
import type { PathNode } from '../syntax/tree';
import { constraintRows, keyRows, usageRows } from './constraints';
import type { Context } from './context';
import { jobs } from './jobsView';
import { metaTables } from './metaTables';
import { datasetOptions, tableOptions } from './optionRows';
import { columnRows, names, partitionsSql, pathRows, schemaRow, tableRow } from './schemaRows';
import {
  COLUMNS,
  CONSTRAINTS,
  FIELD_PATHS,
  KEY_COLUMNS,
  KEYS,
  OPTIONS,
  PARTITIONS,
  ROUTINES,
  SCHEMATA,
  SCHEMATA_OPTIONS,
  STORAGE,
  TABLES,
  VIEWS,
} from './schemaViews';
import { type VirtualTable, virtualTable } from './virtualTable';

/** The INFORMATION_SCHEMA view or `__TABLES__` that a path names; undefined for other paths. */
export function informationSchema(path: PathNode, context: Context): VirtualTable | undefined {
  const parts = path.parts;
  const name = parts.at(-1)?.toUpperCase() ?? '';
  if (name === '__TABLES__' || name === '__TABLES_SUMMARY__') return metaTables(datasetOf(parts.slice(0, -1), context));
  if (parts.at(-2)?.toUpperCase() !== 'INFORMATION_SCHEMA') return undefined;
  const place = placeOf(parts.slice(0, -2), context);
  const tables = () =>
    place.datasets
      .flatMap((dataset) => [...context.catalog.tables(dataset.projectId, dataset.datasetId)])
      .sort((one, two) => (one.tableId < two.tableId ? -1 : 1));
  switch (name) {
    case 'SCHEMATA':
      return virtualTable(SCHEMATA, place.all.map(schemaRow));
    case 'SCHEMATA_OPTIONS':
      return virtualTable(
        SCHEMATA_OPTIONS,
        place.all.flatMap((dataset) =>
          datasetOptions(dataset).map((option) => ({
            catalog_name: dataset.projectId,
            schema_name: dataset.datasetId,
            ...option,
          })),
        ),
      );
    case 'TABLES':
      return virtualTable(TABLES, tables().map(tableRow));
    case 'COLUMNS':
      return virtualTable(COLUMNS, tables().flatMap(columnRows));
    case 'COLUMN_FIELD_PATHS':
      return virtualTable(
        FIELD_PATHS,
        tables().flatMap((table) => table.schema.flatMap((field) => pathRows(table, field, field.name, field.name))),
      );
    case 'PARTITIONS':
      return virtualTable(
        PARTITIONS,
        [],
        tables()
          .filter((table) => table.type === 'TABLE')
          .map(partitionsSql),
      );
    case 'TABLE_OPTIONS':
      return virtualTable(
        OPTIONS,
        tables().flatMap((table) => tableOptions(table).map((option) => ({ ...names(table), ...option }))),
      );
    case 'VIEWS':
      return virtualTable(
        VIEWS,
        tables()
          .filter((table) => table.type === 'VIEW')
          .map((table) => ({
            ...names(table),
            view_definition: table.viewQuery,
            use_standard_sql: table.viewLegacy === true ? 'NO' : 'YES',
          })),
      );
    case 'TABLE_STORAGE':
    case 'TABLE_STORAGE_BY_PROJECT':
      return virtualTable(
        STORAGE,
        tables()
          .filter((table) => table.type === 'TABLE')
          .map((table) => ({
            ...names(table),
            project_id: table.projectId,
            project_number: '0',
            creation_time: { millis: table.creationTime },
            total_rows: { sql: `(SELECT count(*) FROM ${table.relation})` },
            total_logical_bytes: 0,
            deleted: false,
            table_type: 'BASE TABLE',
          })),
      );
    case 'TABLE_CONSTRAINTS':
      return virtualTable(CONSTRAINTS, tables().flatMap(constraintRows));
    case 'KEY_COLUMN_USAGE': {
      const all = tables();
      return virtualTable(
        KEYS,
        all.flatMap((table) => keyRows(table, all)),
      );
    }
    case 'CONSTRAINT_COLUMN_USAGE':
      return virtualTable(KEY_COLUMNS, tables().flatMap(usageRows));
    case 'ROUTINES':
    case 'PARAMETERS':
    case 'MATERIALIZED_VIEWS':
    case 'TABLE_SNAPSHOTS':
      return virtualTable(ROUTINES, []);
    case 'JOBS':
    case 'JOBS_BY_PROJECT':
    case 'JOBS_BY_USER':
      return jobs(place.projectId);
    default:
      throw new SqlError(
        'notFound',
        `Not found: Table ${place.label}.INFORMATION_SCHEMA.${parts.at(-1)} was not found in location US`,
      );
  }
}

interface Place {
  readonly projectId: string;
  readonly label: string;
  /** Datasets whose tables the view lists. */
  readonly datasets: readonly DatasetInfo[];
  /** All datasets of the project. */
  readonly all: readonly DatasetInfo[];
}

/** Reads the path before INFORMATION_SCHEMA: nothing, a region or a dataset, with or without its project. */
function placeOf(parts: readonly string[], context: Context): Place {
  const qualifier = parts.at(-1);
  const projectId = parts.length > 1 ? (parts[0] ?? '') : context.catalog.defaultProject;
  const all = context.catalog.datasets(projectId);
  if (qualifier === undefined || /^region-/i.test(qualifier))
    return { projectId, label: `${projectId}:${qualifier ?? 'US'}`, datasets: all, all };
  const own = all.filter((dataset) => dataset.datasetId === qualifier);
  if (own.length > 0) return { projectId, label: `${projectId}:${qualifier}`, datasets: own, all };
  const otherwise = parts.length === 1 ? context.catalog.datasets(qualifier) : [];
  if (otherwise.length > 0) return { projectId: qualifier, label: qualifier, datasets: otherwise, all: otherwise };
  throw new SqlError('notFound', `Not found: Dataset ${projectId}:${qualifier} was not found in location US`);
}

function datasetOf(parts: readonly string[], context: Context): { dataset: DatasetInfo; tables: readonly TableInfo[] } {
  const datasetId = parts.at(-1) ?? context.catalog.defaultDataset?.datasetId ?? '';
  const projectId =
    parts.length > 1
      ? (parts[0] ?? '')
      : ((parts.length === 0 ? context.catalog.defaultDataset?.projectId : undefined) ??
        context.catalog.defaultProject);
  const dataset = context.catalog.datasets(projectId).find((one) => one.datasetId === datasetId);
  if (dataset === undefined)
    throw new SqlError('notFound', `Not found: Dataset ${projectId}:${datasetId} was not found in location US`);
  return { dataset, tables: context.catalog.tables(projectId, datasetId) };
}
