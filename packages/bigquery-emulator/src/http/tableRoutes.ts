import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed } from '@bqtail/googlesql-duckdb';
import { Hono } from 'hono';
import { type CatalogTable, tableKey } from '../catalog';
import { duplicate, invalid, missing, notImplemented } from '../errors';
import { normalSchema, selectedFields } from '../fields';
import { mergedSchema } from '../jobs/schemaUpdate';
import { viewSchema } from '../jobs/views';
import { checkLabels } from '../labels';
import { checkClustering, checkPartitioning, partitionFilter, splitDecorator } from '../partitions';
import { SUMMARY, summaryTable } from '../partitionsSummary';
import { createRelation, evolveRelation } from '../relations';
import { type TableResource, tableName } from '../resources';
import { countRows } from '../rowPages';
import { newTable, tableAnswer, tableItem } from '../tables';
import type { ApiCall } from './apiCall';
import { checkedBody, checkedJson } from './body';
import { type BigQueryContext, type BigQueryEnv, param, type Services } from './context';
import { checkEtag, linkTo } from './links';
import { paged, pageOf } from './pages';
import { changeable, type Json, patched, replaced } from './patch';
import { patchBody, tableBody } from './schemas';
import { checkKept, checkShape } from './tableChecks';

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

/** Members of kinds of tables that the emulator does not support. */
const UNSUPPORTED = ['externalDataConfiguration', 'materializedView', 'snapshotDefinition', 'cloneDefinition', 'model'];

/** The methods of tables. */
export function tableRoutes(call: ApiCall, { jobContext }: Services): Hono<BigQueryEnv> {
  const { catalog, database, queues, sizes } = jobContext;
  const app = new Hono<BigQueryEnv>();
  const all = '/projects/:project/datasets/:dataset/tables';
  const one = `${all}/:table`;

  app.get(
    all,
    call('tables.list', (context) => {
      const ref = { projectId: param(context, 'project'), datasetId: param(context, 'dataset') };
      catalog.dataset(ref);
      const tables = catalog.tables(ref);
      const { items, nextPageToken } = paged(tables, pageOf(context, 50, 10_000));
      return context.json({
        kind: 'bigquery#tableList',
        etag: 'list',
        nextPageToken,
        tables: items.length > 0 ? items.map(tableItem) : undefined,
        totalItems: tables.length,
      });
    }),
  );

  app.post(
    all,
    call('tables.insert', async (context) => {
      const body = await checkedBody(context, tableBody);
      const { tableId } = body.tableReference ?? {};
      if (!tableId) throw missing('tableReference');
      if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u.test(tableId))
        throw invalid(
          `Invalid table ID "${tableId}". Table IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long. Also, Table decorators cannot be used.`,
        );
      for (const member of UNSUPPORTED) {
        if (body[member]) throw notImplemented(`Tables with ${member} are not supported by the local BigQuery.`);
      }
      const ref = { projectId: param(context, 'project'), datasetId: param(context, 'dataset'), tableId };
      const named = { ...ref, ...body.tableReference };
      if (tableName(named) !== tableName(ref)) {
        throw invalid(
          `Dataset of tableReference, ${tableName(named)}, is not the one of the request.`,
          'tableReference',
        );
      }
      checkLabels(body.labels);
      const table = await queues.run(tableKey(ref), async () => {
        const dataset = catalog.dataset(ref);
        if (catalog.findTable(ref)) throw duplicate(`Table ${tableName(ref)}`);
        const fields = body.view?.query
          ? await viewSchema(jobContext, ref, body.view)
          : normalSchema(body.schema?.fields ?? []);
        checkPartitioning(body, fields);
        checkClustering(body.clustering, fields);
        const resource = newTable(dataset, { ...body, tableReference: ref, schema: { fields } });
        const relation = resource.type === 'TABLE' ? catalog.newRelation() : '';
        return database.transaction(async (transaction) => {
          if (relation) await createRelation(transaction, relation, fields, resource);
          return catalog.putTable(transaction, resource, relation);
        });
      });
      return context.json(await answer(context, table));
    }),
  );

  app.get(
    one,
    call('tables.get', async (context) => {
      const { table: ref, partitionId } = splitDecorator(refOf(context));
      const table = catalog.table(ref);
      if (partitionId === SUMMARY) return context.json(summaryTable(table));
      if (partitionId === undefined) return context.json(selectedParts(await answer(context, table), context));
      const condition = partitionFilter(table.resource, partitionId);
      const rows = await countRows(database, table, condition);
      return context.json({ ...(await answer(context, table)), numRows: rows.toString() });
    }),
  );

  app.patch(
    one,
    call('tables.patch', (context) =>
      change(context, (existing, body) => patched(existing, changeable(body, CHANGEABLE))),
    ),
  );
  app.put(
    one,
    call('tables.update', (context) =>
      // A table stays partitioned even if the body does not say how.
      change(context, (existing, body) => {
        const { timePartitioning, rangePartitioning } = existing;
        return replaced(existing, { timePartitioning, rangePartitioning, ...body }, CHANGEABLE);
      }),
    ),
  );

  app.delete(
    one,
    call('tables.delete', async (context) => {
      const { table: ref, partitionId } = splitDecorator(refOf(context));
      await queues.run(tableKey(ref), async () => {
        const table = catalog.table(ref);
        checkEtag(context, table.resource.etag);
        await database.transaction(async (transaction) => {
          if (partitionId === undefined) return catalog.dropTable(transaction, table);
          await transaction.run(`DELETE FROM ${table.relation} WHERE ${partitionFilter(table.resource, partitionId)}`);
          await catalog.putTable(transaction, table.resource, table.relation, table);
        });
      });
      return context.body(null, 204);
    }),
  );

  async function change(context: BigQueryContext, apply: (existing: Json, body: Json) => Json): Promise<Response> {
    const body = await checkedBody(context, patchBody);
    const { table: ref } = splitDecorator(refOf(context));
    const table = await queues.run(tableKey(ref), async () => {
      const existing = catalog.table(ref);
      checkEtag(context, existing.resource.etag);
      const changed = checkedJson(JSON.stringify(apply({ ...existing.resource }, body)), tableBody);
      const resource: TableResource = { ...changed, tableReference: existing.resource.tableReference };
      checkLabels(resource.labels);
      return database.transaction(async (transaction) => {
        if (!existing.relation) {
          if (resource.view?.query) {
            const fields = await viewSchema(jobContext, ref, resource.view);
            resource.schema = { fields: fields.map((field) => describedBy(field, resource.schema?.fields)) };
          }
          return catalog.putTable(transaction, resource, '', existing);
        }
        const before = existing.resource.schema?.fields ?? [];
        const after = normalSchema(resource.schema?.fields ?? before);
        const fields =
          before.length === 0 ? after : mergedSchema(ref, before, after, { addition: true, relaxation: true });
        checkKept(ref, before, after);
        checkShape(existing.resource, resource);
        checkClustering(resource.clustering, fields);
        await evolveRelation(transaction, existing.relation, before, fields);
        // The merge gives the columns and their order; the client's fields also have descriptions.
        const described = fields.map((field, place) => fieldNamed(after, field.name) ?? before[place] ?? field);
        return catalog.putTable(
          transaction,
          { ...resource, schema: { fields: described } },
          existing.relation,
          existing,
        );
      });
    });
    return context.json(await answer(context, table));
  }

  async function answer(context: BigQueryContext, table: CatalogTable): Promise<TableResource> {
    const { projectId, datasetId, tableId } = table.resource.tableReference;
    const link = linkTo(context, `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`);
    return { ...tableAnswer(table, await sizes.of(table)), selfLink: link };
  }

  return app;
}

function refOf(context: BigQueryContext): TableReference {
  return {
    projectId: param(context, 'project'),
    datasetId: param(context, 'dataset'),
    tableId: param(context, 'table'),
  };
}

/** A view's column with the description that the client gave it. */
function describedBy(field: TableField, described: readonly TableField[] | undefined): TableField {
  const description = fieldNamed(described ?? [], field.name)?.description;
  return description === undefined ? field : { ...field, description };
}

const COUNTS = [
  'numRows',
  'numBytes',
  'numLongTermBytes',
  'numTotalLogicalBytes',
  'numActiveLogicalBytes',
  'numLongTermLogicalBytes',
];

/** The table with the columns and the counts that the client selects. */
function selectedParts(table: TableResource, context: BigQueryContext): object {
  const names = context.req.query('selectedFields');
  const fields = table.schema?.fields;
  const shown = names && fields ? { ...table, schema: { fields: selectedFields(fields, names.split(',')) } } : table;
  if (context.req.query('view') !== 'BASIC') return shown;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !COUNTS.includes(name)));
}
