import { controlRoutes } from '@bqtail/emulator-kit';
import type { Hono } from 'hono';
import { invalid } from '../errors';
import { faultsSchema } from '../faults';
import type { BigQueryEnv, Services } from './context';

/** What the stack and its tests ask of the stand-in, beyond the API of the service. */
export function localRoutes({ project, counts, faults }: Services): Hono<BigQueryEnv> {
  return controlRoutes({
    project,
    counts,
    summary: (query) => counts.summary(query['project'], query['dataset']),
    faults,
    schema: faultsSchema,
    refusal: invalid,
  });
}
