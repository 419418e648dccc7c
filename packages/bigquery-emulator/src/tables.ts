import type { TimePartitioning } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import { type DatasetResource, type TableResource, tableName } from './resources';
import type { TableSize } from './tableSize';

/** The resource of a new table, with the defaults of its dataset. */
export function newTable(dataset: DatasetResource, given: TableResource): TableResource {
  const now = Date.now();
  const partitioning = withExpiration(given.timePartitioning, dataset);
  // A table does not expire as a whole if the dataset lets its partitions expire.
  const byPartition = partitioning !== undefined && Number(dataset.defaultPartitionExpirationMs ?? 0) > 0;
  const lifetimeMs = byPartition ? 0 : Number(dataset.defaultTableExpirationMs ?? 0);
  return {
    ...given,
    timePartitioning: partitioning,
    kind: 'bigquery#table',
    id: tableName(given.tableReference),
    type: given.view ? 'VIEW' : given.materializedView ? 'MATERIALIZED_VIEW' : 'TABLE',
    location: dataset.location ?? 'US',
    creationTime: now.toString(),
    expirationTime: given.expirationTime ?? (lifetimeMs > 0 ? (now + lifetimeMs).toString() : undefined),
  };
}

function withExpiration(
  partitioning: TimePartitioning | undefined,
  { defaultPartitionExpirationMs: expirationMs }: DatasetResource,
): TimePartitioning | undefined {
  if (!partitioning || partitioning.expirationMs !== undefined || Number(expirationMs ?? 0) === 0) return partitioning;
  return { ...partitioning, expirationMs };
}

/** The table as tables.get answers. */
export function tableAnswer({ resource }: CatalogTable, { rows, bytes }: TableSize): TableResource {
  return {
    ...resource,
    numRows: rows.toString(),
    numBytes: bytes.toString(),
    numLongTermBytes: '0',
    numTotalLogicalBytes: bytes.toString(),
    numActiveLogicalBytes: bytes.toString(),
    numLongTermLogicalBytes: '0',
  };
}

/** The table as tables.list answers. */
export function tableItem(table: CatalogTable): TableResource & { view?: { useLegacySql?: boolean } } {
  const {
    kind: _kind,
    schema: _schema,
    view,
    etag: _etag,
    selfLink: _link,
    description: _text,
    ...rest
  } = table.resource;
  return { kind: 'bigquery#table', ...rest, view: view && { useLegacySql: view.useLegacySql ?? false } };
}
