import { Hono } from 'hono';
import { faultsSchema } from '../faults';
import { checkedBody } from './body';
import type { BigQueryEnv, Services } from './context';

/** What the stack and its tests ask of the stand-in, beyond the API of the service. */
export function localRoutes({ project, counts, faults }: Services): Hono<BigQueryEnv> {
  const app = new Hono<BigQueryEnv>();

  app.get('/_local/health', (c) => c.json({ status: 'ok', project }));

  app.get('/_local/stats', (c) => c.json(counts.summary(c.req.query('project'), c.req.query('dataset'))));
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
