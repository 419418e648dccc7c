import { Hono } from 'hono';
import { invalid } from '../errors';
import { placeOf } from '../store/resource';
import type { ApiCall } from './apiCall';
import type { Services, StorageContext, StorageEnv } from './context';
import { answer, param } from './context';

/** What clients ask about access, which is everybody's: a policy that names nobody, and no access control lists. */
export function policyRoutes(call: ApiCall, { buckets, objects }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get(
    '/b/:bucket/iam',
    call('buckets.getIamPolicy', (c) => {
      const { name } = buckets.get(param(c, 'bucket'));
      const resourceId = `projects/_/buckets/${name}`;
      return answer(c, { kind: 'storage#policy', resourceId, version: 1, etag: 'CAE=', bindings: [] });
    }),
  );
  app.get(
    '/b/:bucket/iam/testPermissions',
    call('buckets.testIamPermissions', (c) => {
      buckets.get(param(c, 'bucket'));
      const permissions = c.req.queries('permissions') ?? [];
      return answer(c, { kind: 'storage#testIamPermissionsResponse', permissions });
    }),
  );
  app.get(
    '/b/:bucket/storageLayout',
    call('buckets.getStorageLayout', (c) => {
      const bucket = buckets.get(param(c, 'bucket'));
      const layout = { ...placeOf(bucket), hierarchicalNamespace: { enabled: false } };
      return answer(c, { kind: 'storage#storageLayout', bucket: bucket.name, ...layout });
    }),
  );

  const noLists = (what: string) => (c: StorageContext) => {
    if (what === 'an object') objects.get({ bucket: param(c, 'bucket'), name: param(c, 'object') });
    else buckets.get(param(c, 'bucket'));
    throw invalid(
      `Cannot use ACL API to access or change access control lists of ${what} when uniform bucket-level access is enabled.`,
    );
  };
  for (const list of ['acl', 'defaultObjectAcl']) {
    app.all(`/b/:bucket/${list}`, call('acl', noLists('a bucket')));
    app.all(`/b/:bucket/${list}/:entity`, call('acl', noLists('a bucket')));
  }
  app.all('/b/:bucket/o/:object/acl', call('acl', noLists('an object')));
  app.all('/b/:bucket/o/:object/acl/:entity', call('acl', noLists('an object')));

  return app;
}
