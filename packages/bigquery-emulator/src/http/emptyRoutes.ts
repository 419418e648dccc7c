import type { TableReference } from '@bqtail/googlesql-duckdb';
import { Hono } from 'hono';
import { notFound } from '../errors';
import { tableName } from '../resources';
import type { ApiCall } from './apiCall';
import { checkedBody } from './body';
import { type BigQueryEnv, param, type Services } from './context';
import { permissionsBody } from './schemas';

/** Resources that clients look up and the emulator does not support: routines, models and policies. */
export function emptyRoutes(call: ApiCall, { jobContext: { catalog } }: Services): Hono<BigQueryEnv> {
  const app = new Hono<BigQueryEnv>();
  const dataset = '/projects/:project/datasets/:dataset';

  for (const kind of ['routines', 'models']) {
    const what = kind === 'routines' ? 'Routine' : 'Model';
    app.get(
      `${dataset}/${kind}`,
      call(`${kind}.list`, (context) => {
        catalog.dataset({ projectId: param(context, 'project'), datasetId: param(context, 'dataset') });
        return context.json({});
      }),
    );
    app.get(
      `${dataset}/${kind}/:id`,
      call(`${kind}.get`, (context) => {
        const ref = { projectId: param(context, 'project'), datasetId: param(context, 'dataset') };
        catalog.dataset(ref);
        throw notFound(`${what} ${tableName({ ...ref, tableId: param(context, 'id') })}`);
      }),
    );
  }

  app.get(
    `${dataset}/tables/:table/rowAccessPolicies`,
    call('rowAccessPolicies.list', (context) => {
      catalog.table(tableOf(param(context, 'project'), param(context, 'dataset'), param(context, 'table')));
      return context.json({});
    }),
  );

  // Every caller has all permissions, and there is no policy.
  app.post(
    `${dataset}/tables/:table{[^/]+:(?:getIamPolicy|testIamPermissions)}`,
    call('tables.iam', async (context) => {
      const [table = '', method] = param(context, 'table').split(':');
      catalog.table(tableOf(param(context, 'project'), param(context, 'dataset'), table));
      if (method === 'getIamPolicy') return context.json({ version: 1, etag: 'ACAB' });
      const { permissions } = await checkedBody(context, permissionsBody);
      return context.json({ permissions });
    }),
  );

  return app;
}

const tableOf = (projectId: string, datasetId: string, tableId: string): TableReference => ({
  projectId,
  datasetId,
  tableId,
});
