import { controlRoutes } from '@bqtail/emulator-kit';
import type { Hono } from 'hono';
import { invalid } from '../errors';
import { faultsSchema } from '../faults';
import type { BigQueryEnv, Services } from './context';

/** `/_local`: the health check, counted calls and faults, which BigQuery's API does not have. */
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
