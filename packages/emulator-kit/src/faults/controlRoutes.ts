import { type Env, Hono } from 'hono';
import type { z } from 'zod';
import type { FaultList, ListedFault } from './faultList';
import { problems } from './problems';

/** What users of an emulator can control. */
export interface Controls<F extends ListedFault> {
  readonly project: string;
  readonly counts: { reset(): void };
  /** Counted calls; the query string selects them. */
  readonly summary: (query: Readonly<Record<string, string>>) => object;
  readonly faults: FaultList<F>;
  readonly schema: z.ZodType<F[]>;
  /** Makes an error with status 400. */
  readonly refusal: (message: string) => Error;
}

/** `/_local`: health, counted calls and faults, in the same form for all emulators. */
export function controlRoutes<E extends Env, F extends ListedFault>(controls: Controls<F>): Hono<E> {
  const { project, counts, summary, faults, schema, refusal } = controls;
  const app = new Hono<E>();

  app.get('/_local/health', (context) => context.json({ status: 'ok', project }));

  app.get('/_local/stats', (context) => context.json(summary(context.req.query())));
  app.delete('/_local/stats', (context) => {
    counts.reset();
    return context.body(null, 204);
  });

  app.get('/_local/faults', (context) => context.json(faults.list()));
  app.put('/_local/faults', async (context) => {
    const body: unknown = await context.req.json().catch(() => {
      throw refusal('Parse Error');
    });
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw refusal(problems(parsed.error, body).join('\n'));
    faults.set(parsed.data);
    return context.json(faults.list());
  });
  app.delete('/_local/faults', (context) => {
    faults.set([]);
    return context.body(null, 204);
  });

  return app;
}
