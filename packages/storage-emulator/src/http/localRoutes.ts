import { controlRoutes } from '@bqtail/emulator-kit';
import { Hono } from 'hono';
import { z } from 'zod';
import { invalid } from '../errors';
import { faultsSchema } from '../faults';
import { resolveUris } from '../store/resolve';
import type { Services, StorageContext, StorageEnv } from './context';

const resolveSchema = z.object({ uris: z.array(z.string()) });

/** `/_local`: faults, call counts, and where the contents of objects lie, which the BigQuery emulator reads. */
export function localRoutes({ project, db, blobs, counts, faults }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  const controls = { project, counts, faults, schema: faultsSchema, refusal: invalid };
  app.route('/', controlRoutes({ ...controls, summary: ({ bucket }) => counts.summary(bucket?.split(',')) }));

  app.post('/_local/resolve', async (context) => {
    const { uris } = await checkedBody(context, resolveSchema);
    const { objects, missing } = resolveUris(db, uris);
    return context.json({
      objects: objects.map(({ bucket, name, generation, content, fields }) => ({
        uri: `gs://${bucket}/${name}`,
        generation: String(generation),
        size: String(content.size),
        path: blobs.path(content.blob),
        contentEncoding: fields.contentEncoding,
      })),
      missing,
    });
  });

  return app;
}

async function checkedBody<T extends z.ZodType>(context: StorageContext, schema: T): Promise<z.infer<T>> {
  const body: unknown = await context.req.json().catch(() => {
    throw invalid('Parse Error');
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}
