import type { JsonObject, JsonValue } from '../rules/types';
import { resultsOfJob } from './expandAtRun';

/** What a finished job's resource has that is of use to the actions behind it. */
interface EndedJob {
  readonly id?: string;
  readonly jobReference: object;
  readonly status: { readonly state: string };
  readonly statistics?: object;
}

/**
 * A finished job as variables, e.g. `$JobReference.JobId` or `$Statistics.Load.OutputRows`. Of the statistics only the
 * numbers and names are kept: plans, timelines and schemas would fill the history.
 */
export function jobResults({ id, jobReference, status, statistics = {} }: EndedJob): JsonObject {
  return resultsOfJob({
    ...(id === undefined ? {} : { id }),
    jobReference: scalars(jobReference),
    status: { state: status.state },
    statistics: {
      ...scalars(statistics),
      ...Object.fromEntries(
        Object.entries(statistics).flatMap(([kind, own]) => (isObject(own) ? [[kind, scalars(own)]] : [])),
      ),
    },
  });
}

function scalars(value: object): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean',
    ),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
