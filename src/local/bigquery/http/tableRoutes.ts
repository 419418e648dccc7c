import { Hono } from 'hono';
import { type CatalogTable, tableKey } from '../catalog';
import { duplicate, invalid, missing, notImplemented } from '../errors';
import { normalSchema } from '../fields';
import { mergedSchema } from '../jobs/schemaUpdate';
import { viewSchema } from '../jobs/views';
import { checkPartitioning, partitionFilter, splitDecorator } from '../partitions';
import { SUMMARY, summaryTable } from '../partitionsSummary';
import { createRelation, evolveRelation } from '../relations';
import { type TableReference, type TableResource, tableName } from '../resources';
import { newTable, tableAnswer, tableItem } from '../tables';
import type { ApiCall } from './apiCall';
import { checked, checkedBody } from './body';
import { type BigQueryContext, type BigQueryEnv, param, type Services } from './context';
import { checkEtag, linkTo } from './links';
import { paged, pageOf } from './pages';
import { changeable, type Json, patched, replaced } from './patch';
import { patchBody, tableBody } from './schemas';

const CHANGEABLE = [
  'friendlyName',
  'description',
  'labels',
  'schema',
  'expirationTime',
  'timePartitioning',
  'rangePartitioning',
  'clustering',
  'requirePartitionFilter',
  'view',
  'defaultCollation',
];

/** Kinds of tables that cannot be made here. */
const UNSUPPORTED = ['externalDataConfiguration', 'materializedView', 'snapshotDefinition', 'cloneDefinition', 'model'];

/** The methods of tables. */
export function tableRoutes(call: ApiCall, { context }: Services): Hono<BigQueryEnv> {
  const { catalog, database, queues, sizes } = context;
  const app = new Hono<BigQueryEnv>();
  const all = '/projects/:project/datasets/:dataset/tables';
  const one = `${all}/:table`;

  app.get(
    all,
    call('tables.list', (c) => {
      const ref = { projectId: param(c, 'project'), datasetId: param(c, 'dataset') };
      catalog.dataset(ref);
      const found = catalog.tables(ref);
      const { items, nextPageToken } = paged(found, pageOf(c, 50, 10_000));
      const list = items.length > 0 ? { tables: items.map(tableItem) } : {};
      return c.json({ kind: 'bigquery#tableList', etag: 'list', nextPageToken, ...list, totalItems: found.length });
    }),
  );

  app.post(
    all,
    call('tables.insert', async (c) => {
      const body = await checkedBody(c, tableBody);
      const { tableId } = body.tableReference ?? {};
      if (!tableId) throw missing('tableReference');
      if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u.test(tableId))
        throw invalid(`Invalid table ID "${tableId}".`);
      for (const member of UNSUPPORTED) {
        if (body[member]) throw notImplemented(`Tables with ${member} are not supported by the local BigQuery.`);
      }
      const ref = { projectId: param(c, 'project'), datasetId: param(c, 'dataset'), tableId };
      const table = await queues.run(tableKey(ref), async () => {
        const dataset = catalog.dataset(ref);
        const known = catalog.findTable(ref);
        if (known) throw duplicate(`Table ${tableName(ref)}`);
        const fields = body.view?.query
          ? await viewSchema(context, ref, body.view)
          : normalSchema(body.schema?.fields ?? []);
        checkPartitioning(body, fields);
        const resource = newTable(dataset, { ...body, tableReference: ref, schema: { fields } });
        const relation = resource.type === 'TABLE' ? catalog.newRelation() : '';
        return database.transaction(async (transaction) => {
          if (relation) await createRelation(transaction, relation, fields, resource);
          return catalog.putTable(transaction, resource, relation);
        });
      });
      return c.json(await answer(c, table));
    }),
  );

  app.get(
    one,
    call('tables.get', async (c) => {
      const { table: ref, partitionId } = splitDecorator(refOf(c));
      const table = catalog.table(ref);
      if (partitionId === SUMMARY) return c.json(summaryTable(table));
      if (partitionId === undefined) return c.json(await answer(c, table));
      const only = partitionFilter(table.resource, partitionId);
      const [row] = await database.rows(`SELECT count(*) AS n FROM ${table.relation} WHERE ${only}`);
      return c.json({ ...(await answer(c, table)), numRows: String(row?.['n'] ?? 0) });
    }),
  );

  app.patch(
    one,
    call('tables.patch', (c) => change(c, (known, body) => patched(known, changeable(body, CHANGEABLE)))),
  );
  app.put(
    one,
    call('tables.update', (c) => change(c, (known, body) => replaced(known, body, CHANGEABLE))),
  );

  app.delete(
    one,
    call('tables.delete', async (c) => {
      const { table: ref, partitionId } = splitDecorator(refOf(c));
      await queues.run(tableKey(ref), async () => {
        const table = catalog.table(ref);
        checkEtag(c, table.resource.etag);
        await database.transaction(async (transaction) => {
          if (partitionId === undefined) return catalog.dropTable(transaction, table);
          await transaction.run(`DELETE FROM ${table.relation} WHERE ${partitionFilter(table.resource, partitionId)}`);
          await catalog.putTable(transaction, table.resource, table.relation, table);
        });
      });
      return c.body(null, 204);
    }),
  );

  async function change(c: BigQueryContext, apply: (known: Json, body: Json) => Json): Promise<Response> {
    const body = await checkedBody(c, patchBody);
    const { table: ref } = splitDecorator(refOf(c));
    const table = await queues.run(tableKey(ref), async () => {
      const known = catalog.table(ref);
      checkEtag(c, known.resource.etag);
      const changed = checked(JSON.stringify(apply({ ...known.resource }, body)), tableBody);
      const resource: TableResource = { ...changed, tableReference: known.resource.tableReference };
      return database.transaction(async (transaction) => {
        if (!known.relation) {
          if (resource.view?.query) resource.schema = { fields: await viewSchema(context, ref, resource.view) };
          return catalog.putTable(transaction, resource, '', known);
        }
        const before = known.resource.schema?.fields ?? [];
        const wanted = normalSchema(resource.schema?.fields ?? before);
        const fields =
          before.length === 0 ? wanted : mergedSchema(ref, before, wanted, { addition: true, relaxation: true });
        checkKept(ref, before, wanted);
        await evolveRelation(transaction, known.relation, before, fields);
        // Names, types and modes are merged; descriptions and the like are as sent.
        const described = fields.map(
          (field, place) => wanted.find((one) => sameName(one, field)) ?? before[place] ?? field,
        );
        return catalog.putTable(transaction, { ...resource, schema: { fields: described } }, known.relation, known);
      });
    });
    return c.json(await answer(c, table));
  }

  async function answer(c: BigQueryContext, table: CatalogTable): Promise<TableResource> {
    const { projectId, datasetId, tableId } = table.resource.tableReference;
    const link = linkTo(c, `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`);
    return { ...tableAnswer(table, table.relation ? await sizes.of(table) : undefined), selfLink: link };
  }

  return app;
}

function refOf(c: BigQueryContext): TableReference {
  return { projectId: param(c, 'project'), datasetId: param(c, 'dataset'), tableId: param(c, 'table') };
}

const sameName = (one: { name: string }, two: { name: string }): boolean =>
  one.name.toLowerCase() === two.name.toLowerCase();

/** A patch that leaves a column out would lose its rows' values: the service refuses. */
function checkKept(
  ref: TableReference,
  before: readonly { name: string }[],
  wanted: readonly { name: string }[],
): void {
  const lost = before.find((field) => !wanted.some((one) => sameName(one, field)));
  if (!lost) return;
  throw invalid(`Provided Schema does not match Table ${tableName(ref)}. Field ${lost.name} is missing in new schema`);
}
