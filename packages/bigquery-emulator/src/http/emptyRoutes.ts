import type { TableReference } from '@bqtail/googlesql-duckdb';
import { Hono } from 'hono';
import { notFound } from '../errors';
import { tableName } from '../resources';
import type { ApiCall } from './apiCall';
import { checkedBody } from './body';
import { type BigQueryEnv, param, type Services } from './context';
import { permissionsBody } from './schemas';

/** What clients ask for and the stand-in has none of: routines, models, policies. */
export function emptyRoutes(call: ApiCall, { context: { catalog } }: Services): Hono<BigQueryEnv> {
  const app = new Hono<BigQueryEnv>();
  const dataset = '/projects/:project/datasets/:dataset';

  for (const kind of ['routines', 'models']) {
    const what = kind === 'routines' ? 'Routine' : 'Model';
    app.get(
      `${dataset}/${kind}`,
      call(`${kind}.list`, (c) => {
        catalog.dataset({ projectId: param(c, 'project'), datasetId: param(c, 'dataset') });
        return c.json({});
      }),
    );
    app.get(
      `${dataset}/${kind}/:id`,
      call(`${kind}.get`, (c) => {
        const ref = { projectId: param(c, 'project'), datasetId: param(c, 'dataset') };
        catalog.dataset(ref);
        throw notFound(`${what} ${tableName({ ...ref, tableId: param(c, 'id') })}`);
      }),
    );
  }

  app.get(
    `${dataset}/tables/:table/rowAccessPolicies`,
    call('rowAccessPolicies.list', (c) => {
      catalog.table(tableOf(param(c, 'project'), param(c, 'dataset'), param(c, 'table')));
      return c.json({});
    }),
  );

  // Who asks may do everything, and no policy says so.
  app.post(
    `${dataset}/tables/:table{[^/]+:(?:getIamPolicy|testIamPermissions)}`,
    call('tables.iam', async (c) => {
      const [table = '', method] = param(c, 'table').split(':');
      catalog.table(tableOf(param(c, 'project'), param(c, 'dataset'), table));
      if (method === 'getIamPolicy') return c.json({ version: 1, etag: 'ACAB' });
      const { permissions } = await checkedBody(c, permissionsBody);
      return c.json({ permissions });
    }),
  );

  return app;
}

const tableOf = (projectId: string, datasetId: string, tableId: string): TableReference => ({
  projectId,
  datasetId,
  tableId,
});
