import { Hono } from 'hono';
import { invalid } from '../errors';
import { selectedFields } from '../fields';
import { insertRows } from '../insertAll';
import { partitionFilter, splitDecorator } from '../partitions';
import { SUMMARY, summaryRows } from '../partitionsSummary';
import { readRows } from '../rowPages';
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
      const names = context.req.query('selectedFields') ? context.req.query('selectedFields')?.split(',') : undefined;
      if (partitionId === SUMMARY) {
        return context.json(await summaryRows(database, table, names));
      }
      const schema = table.resource.schema?.fields ?? [];
      const partition = partitionId === undefined ? {} : { where: partitionFilter(table.resource, partitionId) };
      const total = partition.where
        ? Number(
            (await database.rows(`SELECT count(*) AS n FROM ${table.relation} WHERE ${partition.where}`))[0]?.['n'] ??
              0,
          )
        : (await sizes.of(table)).rows;
      const page = pageOf(context, 10_000, 100_000);
      const offset = context.req.query('pageToken') ? page.offset : (numberOf(context, 'startIndex') ?? 0);
      const rows = await readRows(database, table, {
        offset,
        limit: page.limit,
        format: formatOfQuery(context),
        fields: names ? selectedFields(schema, names) : schema,
        ...partition,
      });
      const end = offset + rows.length;
      return context.json({
        kind: 'bigquery#tableDataList',
        etag: table.resource.etag,
        totalRows: total.toString(),
        ...(end < total && page.limit > 0 ? { pageToken: tokenOf(end) } : {}),
        ...(rows.length > 0 ? { rows } : {}),
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
        ...(insertErrors.length > 0 ? { insertErrors } : {}),
      });
    }),
  );

  return app;
}
