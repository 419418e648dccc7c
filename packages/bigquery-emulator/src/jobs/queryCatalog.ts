import type { DatasetInfo, SqlCatalog, TableInfo } from '@bqtail/googlesql-duckdb';
import type { Catalog, CatalogTable } from '../catalog';
import { splitDecorator } from '../partitions';
import type { DatasetResource, QueryConfiguration } from '../resources';

/** The catalog for the SQL translator, with the query's default project and dataset. */
export function queryCatalog(catalog: Catalog, projectId: string, query: QueryConfiguration): SqlCatalog {
  const dataset = query.defaultDataset;
  return {
    defaultProject: projectId,
    defaultDataset: dataset?.datasetId
      ? { projectId: dataset.projectId ?? projectId, datasetId: dataset.datasetId }
      : undefined,
    table: (ref) => {
      const table = catalog.findTable(splitDecorator(ref).table);
      return table && tableInfo(table);
    },
    tables: (project, datasetId) => catalog.tables({ projectId: project, datasetId }).map(tableInfo),
    datasets: (project) => catalog.datasets(project).map(datasetInfo),
  };
}

function tableInfo({ resource, relation }: CatalogTable): TableInfo {
  const { timePartitioning, rangePartitioning, clustering, tableConstraints } = resource;
  const { view, description, friendlyName, labels } = resource;
  return {
    ...resource.tableReference,
    type: resource.type === 'TABLE' ? 'TABLE' : 'VIEW',
    schema: resource.schema?.fields ?? [],
    relation,
    creationTime: Number(resource.creationTime ?? 0),
    lastModifiedTime: Number(resource.lastModifiedTime ?? 0),
    timePartitioning,
    rangePartitioning,
    clustering: clustering?.fields ? { fields: clustering.fields } : undefined,
    tableConstraints,
    description: description || undefined,
    friendlyName: friendlyName || undefined,
    labels,
    expirationTime: resource.expirationTime ? Number(resource.expirationTime) : undefined,
    requirePartitionFilter: resource.requirePartitionFilter || timePartitioning?.requirePartitionFilter || undefined,
    viewQuery: view?.query || undefined,
    viewLegacy: view?.query ? (view.useLegacySql ?? false) : undefined,
  };
}

function datasetInfo(resource: DatasetResource): DatasetInfo {
  const { description, friendlyName, labels, defaultTableExpirationMs } = resource;
  return {
    ...resource.datasetReference,
    creationTime: Number(resource.creationTime ?? 0),
    lastModifiedTime: Number(resource.lastModifiedTime ?? 0),
    location: resource.location ?? 'US',
    description: description || undefined,
    friendlyName: friendlyName || undefined,
    labels,
    defaultTableExpirationMs: defaultTableExpirationMs || undefined,
  };
}
