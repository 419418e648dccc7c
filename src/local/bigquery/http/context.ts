import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { CallCounts } from '../callCounts';
import type { Faults } from '../faults';
import type { JobContext } from '../jobs/context';
import type { Jobs } from '../jobs/jobs';

/** What the routes work with. */
export interface Services {
  readonly project: string;
  readonly context: JobContext;
  readonly jobs: Jobs;
  readonly counts: CallCounts;
  readonly faults: Faults;
}

export type BigQueryEnv = { Bindings: HttpBindings };
export type BigQueryContext = Context<BigQueryEnv>;

/** A parameter of the route's path. */
export function param(c: BigQueryContext, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw new Error(`The route has no parameter ${name}`);
  return value;
}

/** A number in the query string; undefined when it is absent or no number. */
export function numberOf(c: BigQueryContext, name: string): number | undefined {
  const text = c.req.query(name);
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

export function flag(c: BigQueryContext, name: string): boolean {
  // The Python client writes its own True.
  return c.req.query(name)?.toLowerCase() === 'true';
}
