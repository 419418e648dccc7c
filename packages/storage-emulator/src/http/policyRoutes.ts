import { Hono } from 'hono';
import { invalid } from '../errors';
import { locationOf } from '../store/resource';
import type { ApiCall } from './apiCall';
import type { Services, StorageContext, StorageEnv } from './context';
import { answer, param } from './context';

/** Methods about access. Everybody has access: the policy has no bindings, and access control lists are refused. */
export function policyRoutes(call: ApiCall, { buckets, objects }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get(
    '/b/:bucket/iam',
    call('buckets.getIamPolicy', (context) => {
      const { name } = buckets.get(param(context, 'bucket'));
      const resourceId = `projects/_/buckets/${name}`;
      return answer(context, { kind: 'storage#policy', resourceId, version: 1, etag: 'CAE=', bindings: [] });
    }),
  );
  app.get(
    '/b/:bucket/iam/testPermissions',
    call('buckets.testIamPermissions', (context) => {
      buckets.get(param(context, 'bucket'));
      const permissions = context.req.queries('permissions') ?? [];
      return answer(context, { kind: 'storage#testIamPermissionsResponse', permissions });
    }),
  );
  app.get(
    '/b/:bucket/storageLayout',
    call('buckets.getStorageLayout', (context) => {
      const bucket = buckets.get(param(context, 'bucket'));
      const layout = { ...locationOf(bucket), hierarchicalNamespace: { enabled: false } };
      return answer(context, { kind: 'storage#storageLayout', bucket: bucket.name, ...layout });
    }),
  );

  const refuseLists = (owner: 'a bucket' | 'an object') => (context: StorageContext) => {
    if (owner === 'an object') objects.get({ bucket: param(context, 'bucket'), name: param(context, 'object') });
    else buckets.get(param(context, 'bucket'));
    throw invalid(
      `Cannot use ACL API to access or change access control lists of ${owner} when uniform bucket-level access is enabled.`,
    );
  };
  for (const list of ['acl', 'defaultObjectAcl']) {
    app.all(`/b/:bucket/${list}`, call('acl', refuseLists('a bucket')));
    app.all(`/b/:bucket/${list}/:entity`, call('acl', refuseLists('a bucket')));
  }
  app.all('/b/:bucket/o/:object/acl', call('acl', refuseLists('an object')));
  app.all('/b/:bucket/o/:object/acl/:entity', call('acl', refuseLists('an object')));

  return app;
}
