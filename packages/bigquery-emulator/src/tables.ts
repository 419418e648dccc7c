import type { TimePartitioning } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import { type DatasetResource, type TableResource, tableName } from './resources';
import type { TableSize } from './tableSize';

/** A new table's resource, with what its dataset gives it. */
export function newTable(dataset: DatasetResource, given: TableResource): TableResource {
  const now = Date.now();
  const partitioning = withExpiration(given.timePartitioning, dataset);
  // Partitions that expire one by one stand for the expiration of the table.
  const byPartition = partitioning !== undefined && Number(dataset.defaultPartitionExpirationMs ?? 0) > 0;
  const lifetime = byPartition ? 0 : Number(dataset.defaultTableExpirationMs ?? 0);
  const expiration = given.expirationTime ?? (lifetime > 0 ? (now + lifetime).toString() : undefined);
  return {
    ...given,
    ...(partitioning ? { timePartitioning: partitioning } : {}),
    kind: 'bigquery#table',
    id: tableName(given.tableReference),
    type: given.view ? 'VIEW' : given.materializedView ? 'MATERIALIZED_VIEW' : 'TABLE',
    location: dataset.location ?? 'US',
    creationTime: now.toString(),
    ...(expiration ? { expirationTime: expiration } : {}),
  };
}

function withExpiration(
  partitioning: TimePartitioning | undefined,
  { defaultPartitionExpirationMs: byDefault }: DatasetResource,
): TimePartitioning | undefined {
  if (!partitioning || partitioning.expirationMs !== undefined || Number(byDefault ?? 0) === 0) return partitioning;
  return { ...partitioning, ...(byDefault ? { expirationMs: byDefault } : {}) };
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
  return { kind: 'bigquery#table', ...rest, ...(view ? { view: { useLegacySql: view.useLegacySql ?? false } } : {}) };
}
