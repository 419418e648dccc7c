import type { CatalogTable } from './catalog';
import { type DatasetResource, type TableResource, tableName } from './resources';
import type { TableSize } from './tableSize';

/** A new table's resource, with what its dataset gives it. */
export function newTable(dataset: DatasetResource, given: TableResource): TableResource {
  const now = Date.now();
  const lifetime = Number(dataset.defaultTableExpirationMs ?? 0);
  const expiration = given.expirationTime ?? (lifetime > 0 ? (now + lifetime).toString() : undefined);
  return {
    ...given,
    kind: 'bigquery#table',
    id: tableName(given.tableReference),
    type: given.view ? 'VIEW' : given.materializedView ? 'MATERIALIZED_VIEW' : 'TABLE',
    location: dataset.location ?? 'US',
    creationTime: now.toString(),
    ...(expiration ? { expirationTime: expiration } : {}),
  };
}

/** The table as tables.get answers. */
export function tableAnswer(table: CatalogTable, size: TableSize | undefined): TableResource {
  const { resource } = table;
  const counts =
    size === undefined
      ? {}
      : {
          numRows: size.rows.toString(),
          numBytes: size.bytes.toString(),
          numLongTermBytes: '0',
          numTotalLogicalBytes: size.bytes.toString(),
          numActiveLogicalBytes: size.bytes.toString(),
        };
  return { ...resource, ...counts };
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
