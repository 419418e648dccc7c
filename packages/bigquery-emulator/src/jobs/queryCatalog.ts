import type { DatasetInfo, SqlCatalog, TableInfo } from '@bqtail/googlesql-duckdb';
import type { Catalog, CatalogTable } from '../catalog';
import { splitDecorator } from '../partitions';
import type { DatasetResource, QueryConfiguration } from '../resources';

/** The catalog as a query of this project and these settings sees it. */
export function queryCatalog(catalog: Catalog, projectId: string, query: QueryConfiguration): SqlCatalog {
  const dataset = query.defaultDataset;
  return {
    defaultProject: projectId,
    ...(dataset?.datasetId
      ? { defaultDataset: { projectId: dataset.projectId ?? projectId, datasetId: dataset.datasetId } }
      : {}),
    table: (ref) => {
      const found = catalog.findTable(splitDecorator(ref).table);
      return found ? tableInfo(found) : null;
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
    ...(timePartitioning ? { timePartitioning } : {}),
    ...(rangePartitioning ? { rangePartitioning } : {}),
    ...(clustering?.fields ? { clustering: { fields: clustering.fields } } : {}),
    ...(tableConstraints ? { tableConstraints } : {}),
    ...(description ? { description } : {}),
    ...(friendlyName ? { friendlyName } : {}),
    ...(labels ? { labels } : {}),
    ...(resource.expirationTime ? { expirationTime: Number(resource.expirationTime) } : {}),
    ...(resource.requirePartitionFilter || timePartitioning?.requirePartitionFilter
      ? { requirePartitionFilter: true }
      : {}),
    ...(view?.query ? { viewQuery: view.query, viewLegacy: view.useLegacySql ?? false } : {}),
  };
}

function datasetInfo(resource: DatasetResource): DatasetInfo {
  const { description, friendlyName, labels, defaultTableExpirationMs } = resource;
  return {
    ...resource.datasetReference,
    creationTime: Number(resource.creationTime ?? 0),
    lastModifiedTime: Number(resource.lastModifiedTime ?? 0),
    location: resource.location ?? 'US',
    ...(description ? { description } : {}),
    ...(friendlyName ? { friendlyName } : {}),
    ...(labels ? { labels } : {}),
    ...(defaultTableExpirationMs ? { defaultTableExpirationMs } : {}),
  };
}
