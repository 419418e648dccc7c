import { Hono } from 'hono';
import { tableKey } from '../catalog';
import { BigQueryError, invalid, missing } from '../errors';
import { serviceAccount } from '../jobs/newJob';
import { checkLabels } from '../labels';
import { locationName } from '../locations';
import type { DatasetResource } from '../resources';
import type { ApiCall } from './apiCall';
import { checkedBody, checkedJson } from './body';
import { type BigQueryContext, type BigQueryEnv, flag, param, type Services } from './context';
import { checkEtag, linkTo } from './links';
import { paged, pageOf } from './pages';
import { changeable, type Json, patched, replaced } from './patch';
import { datasetBody, patchBody } from './schemas';

const CHANGEABLE = [
  'friendlyName',
  'description',
  'labels',
  'access',
  'defaultTableExpirationMs',
  'defaultPartitionExpirationMs',
  'defaultCollation',
  'maxTimeTravelHours',
  'storageBillingModel',
  'isCaseInsensitive',
];

/** projects.list, projects.getServiceAccount and the methods of datasets. */
export function datasetRoutes(call: ApiCall, { jobContext, project }: Services): Hono<BigQueryEnv> {
  const { catalog, database, queues } = jobContext;
  const app = new Hono<BigQueryEnv>();

  app.get(
    '/projects',
    call('projects.list', (context) => {
      const names = [...new Set([project, ...catalog.projects()])].sort();
      const { items, nextPageToken } = paged(names, pageOf(context, 50, 1000));
      const projects = items.map((id) => ({
        kind: 'bigquery#project',
        id,
        numericId: '0',
        projectReference: { projectId: id },
        friendlyName: id,
      }));
      return context.json({
        kind: 'bigquery#projectList',
        etag: 'list',
        projects,
        totalItems: names.length,
        nextPageToken,
      });
    }),
  );

  app.get(
    '/projects/:project/serviceAccount',
    call('projects.getServiceAccount', (context) =>
      context.json({ kind: 'bigquery#getServiceAccountResponse', email: serviceAccount(param(context, 'project')) }),
    ),
  );

  app.get(
    '/projects/:project/datasets',
    call('datasets.list', (context) => {
      const matches = labelFilter(context.req.query('filter'));
      const all = catalog.datasets(param(context, 'project'), flag(context, 'all')).filter(matches);
      const { items, nextPageToken } = paged(all, pageOf(context, 50, 10_000));
      const datasets = items.map(({ datasetReference, friendlyName, labels, location }) => ({
        kind: 'bigquery#dataset',
        id: `${datasetReference.projectId}:${datasetReference.datasetId}`,
        datasetReference,
        labels,
        friendlyName,
        location,
        type: 'DEFAULT',
      }));
      return context.json({
        kind: 'bigquery#datasetList',
        etag: 'list',
        nextPageToken,
        datasets: datasets.length > 0 ? datasets : undefined,
      });
    }),
  );

  app.post(
    '/projects/:project/datasets',
    call('datasets.insert', async (context) => {
      const body = await checkedBody(context, datasetBody);
      const datasetId = body.datasetReference?.datasetId;
      if (!datasetId) throw missing('datasetReference');
      if (!/^\w{1,1024}$/.test(datasetId)) {
        throw invalid(
          `Invalid dataset ID "${datasetId}". Dataset IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`,
        );
      }
      checkSettings(body);
      const ref = { projectId: body.datasetReference?.projectId ?? param(context, 'project'), datasetId };
      const resource: DatasetResource = {
        ...body,
        kind: 'bigquery#dataset',
        id: `${ref.projectId}:${datasetId}`,
        datasetReference: ref,
        location: locationName(body.location ?? 'US'),
        type: 'DEFAULT',
        creationTime: Date.now().toString(),
      };
      const created = await inQueue(ref, () =>
        database.transaction((transaction) => catalog.createDataset(transaction, resource)),
      );
      return context.json(answer(context, created));
    }),
  );

  const one = '/projects/:project/datasets/:dataset';

  app.get(
    one,
    call('datasets.get', (context) => context.json(answer(context, catalog.dataset(refOf(context))))),
  );

  app.patch(
    one,
    call('datasets.patch', (context) =>
      change(context, (existing, body) => patched(existing, changeable(body, CHANGEABLE))),
    ),
  );
  app.put(
    one,
    call('datasets.update', (context) => change(context, (existing, body) => replaced(existing, body, CHANGEABLE))),
  );

  app.delete(
    one,
    call('datasets.delete', async (context) => {
      const ref = refOf(context);
      await inQueue(ref, async () => {
        catalog.dataset(ref);
        const tables = catalog.tables(ref);
        if (tables.length > 0 && !flag(context, 'deleteContents')) {
          throw new BigQueryError(400, 'resourceInUse', `Dataset ${ref.projectId}:${ref.datasetId} is still in use`);
        }
        await allQueues(
          tables.map((table) => tableKey(table.resource.tableReference)),
          () => database.transaction((transaction) => catalog.dropDataset(transaction, ref)),
        );
      });
      return context.body(null, 204);
    }),
  );

  async function change(context: BigQueryContext, apply: (existing: Json, body: Json) => Json): Promise<Response> {
    const body = await checkedBody(context, patchBody);
    const ref = refOf(context);
    const stored = await inQueue(ref, async () => {
      const existing = catalog.dataset(ref);
      checkEtag(context, existing.etag);
      const location = typeof body['location'] === 'string' ? locationName(body['location']) : existing.location;
      if (location !== existing.location) throw invalid('The location of a dataset cannot be changed.', 'location');
      const changed = apply({ ...existing }, body);
      // A change must pass the same checks as an insert.
      const { datasetReference: _ref, ...rest } = checkedJson(JSON.stringify(changed), datasetBody);
      checkSettings(rest);
      const resource: DatasetResource = { ...rest, datasetReference: existing.datasetReference };
      return database.transaction((transaction) => catalog.putDataset(transaction, resource));
    });
    return context.json(answer(context, stored));
  }

  /** Holds the queues of several tables at once. They must come in the order of their names, to prevent deadlocks. */
  function allQueues<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const [key, ...rest] = keys;
    return key === undefined ? work() : queues.run(key, () => allQueues(rest, work));
  }

  const inQueue = <T>(ref: { projectId: string; datasetId: string }, work: () => Promise<T>): Promise<T> =>
    queues.run(`${ref.projectId}:${ref.datasetId}`, work);

  return app;
}

type Settings = Partial<Pick<DatasetResource, 'labels' | 'defaultTableExpirationMs'>>;

const LEAST_EXPIRATION_MS = 3_600_000;

function checkSettings({ labels, defaultTableExpirationMs: expiration }: Settings): void {
  checkLabels(labels);
  if (expiration === undefined || Number(expiration) >= LEAST_EXPIRATION_MS || Number(expiration) === 0) return;
  throw invalid(
    `Invalid value for defaultTableExpirationMs: ${expiration}. The minimum is ${LEAST_EXPIRATION_MS} milliseconds.`,
    'defaultTableExpirationMs',
  );
}

function refOf(context: BigQueryContext): { projectId: string; datasetId: string } {
  return { projectId: param(context, 'project'), datasetId: param(context, 'dataset') };
}

function answer(context: BigQueryContext, resource: DatasetResource): DatasetResource {
  const { projectId, datasetId } = resource.datasetReference;
  const access = resource.access ?? [
    { role: 'WRITER', specialGroup: 'projectWriters' },
    { role: 'OWNER', specialGroup: 'projectOwners' },
    { role: 'OWNER', userByEmail: serviceAccount(projectId) },
    { role: 'READER', specialGroup: 'projectReaders' },
  ];
  return { ...resource, access, selfLink: linkTo(context, `projects/${projectId}/datasets/${datasetId}`) };
}

/** A predicate for datasets, of a filter such as `labels.env:prod labels.team`. */
function labelFilter(filter: string | undefined): (resource: DatasetResource) => boolean {
  const terms = filter?.split(/\s+/).filter((term) => term.startsWith('labels.')) ?? [];
  return (resource) =>
    terms.every((term) => {
      const [name = '', value] = term.slice('labels.'.length).split(':');
      const label = resource.labels?.[name];
      return label !== undefined && (value === undefined || value === '' || label === value);
    });
}
