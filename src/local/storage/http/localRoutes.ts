import { Hono } from 'hono';
import { z } from 'zod';
import { invalid } from '../errors';
import { faultsSchema } from '../faults';
import { resolveUris } from '../store/resolve';
import type { Services, StorageContext, StorageEnv } from './context';

const resolveSchema = z.object({ uris: z.array(z.string()) });

/** What the stack and its tests ask of the stand-in, beyond the API of the service. */
export function localRoutes({ project, db, blobs, counts, faults }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get('/_local/health', (c) => c.json({ status: 'ok', project }));

  app.post('/_local/resolve', async (c) => {
    const { uris } = await checkedBody(c, resolveSchema);
    const { objects, missing } = resolveUris(db, uris);
    return c.json({
      objects: objects.map(({ bucket, name, generation, content, fields }) => ({
        uri: `gs://${bucket}/${name}`,
        generation: String(generation),
        size: String(content.size),
        path: blobs.path(content.blob),
        ...(fields.contentEncoding === undefined ? {} : { contentEncoding: fields.contentEncoding }),
      })),
      missing,
    });
  });

  app.get('/_local/stats', (c) => c.json(counts.summary(c.req.query('bucket')?.split(','))));
  app.delete('/_local/stats', (c) => {
    counts.reset();
    return c.body(null, 204);
  });

  app.get('/_local/faults', (c) => c.json(faults.list()));
  app.put('/_local/faults', async (c) => {
    faults.set(await checkedBody(c, faultsSchema));
    return c.json(faults.list());
  });
  app.delete('/_local/faults', (c) => {
    faults.set([]);
    return c.body(null, 204);
  });

  return app;
}

async function checkedBody<T extends z.ZodType>(c: StorageContext, schema: T): Promise<z.infer<T>> {
  const body: unknown = await c.req.json().catch(() => {
    throw invalid('Parse Error');
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}
