import { Hono } from 'hono';
import { invalid } from '../errors';
import { selectedFields } from '../fields';
import { insertRows } from '../insertAll';
import { partitionFilter, splitDecorator } from '../partitions';
import { SUMMARY, summaryRows } from '../partitionsSummary';
import { countRows, readRows } from '../rowPages';
import type { ApiCall } from './apiCall';
import { checkedBody } from './body';
import { type BigQueryEnv, formatOfQuery, numberOf, param, type Services } from './context';
import { pageOf, tokenOf } from './pages';
import { insertAllBody } from './schemas';

/** tabledata.list and tabledata.insertAll. */
export function tabledataRoutes(call: ApiCall, { jobContext }: Services): Hono<BigQueryEnv> {
  const { catalog, database, sizes } = jobContext;
  const app = new Hono<BigQueryEnv>();
  const one = '/projects/:project/datasets/:dataset/tables/:table';

  app.get(
    `${one}/data`,
    call('tabledata.list', async (context) => {
      const ref = {
        projectId: param(context, 'project'),
        datasetId: param(context, 'dataset'),
        tableId: param(context, 'table'),
      };
      const { table: name, partitionId } = splitDecorator(ref);
      const table = catalog.table(name);
      if (!table.relation) throw invalid(`Cannot list a table of type ${table.resource.type}.`);
      const names = (context.req.query('selectedFields') || undefined)?.split(',');
      if (partitionId === SUMMARY) return context.json(await summaryRows(database, table, names));
      const schema = table.resource.schema?.fields ?? [];
      const where = partitionId === undefined ? undefined : partitionFilter(table.resource, partitionId);
      const total = where === undefined ? (await sizes.of(table)).rows : await countRows(database, table, where);
      const page = pageOf(context, 10_000, 100_000);
      const offset = context.req.query('pageToken') ? page.offset : (numberOf(context, 'startIndex') ?? 0);
      const rows = await readRows(database, table, {
        offset,
        limit: page.limit,
        format: formatOfQuery(context),
        fields: names ? selectedFields(schema, names) : schema,
        where,
      });
      const end = offset + rows.length;
      return context.json({
        kind: 'bigquery#tableDataList',
        etag: table.resource.etag,
        totalRows: total.toString(),
        pageToken: end < total && page.limit > 0 ? tokenOf(end) : undefined,
        rows: rows.length > 0 ? rows : undefined,
      });
    }),
  );

  app.post(
    `${one}/insertAll`,
    call('tabledata.insertAll', async (context) => {
      const ref = {
        projectId: param(context, 'project'),
        datasetId: param(context, 'dataset'),
        tableId: param(context, 'table'),
      };
      const body = await checkedBody(context, insertAllBody);
      const insertErrors = await insertRows(jobContext, ref, body);
      return context.json({
        kind: 'bigquery#tableDataInsertAllResponse',
        insertErrors: insertErrors.length > 0 ? insertErrors : undefined,
      });
    }),
  );

  return app;
}
