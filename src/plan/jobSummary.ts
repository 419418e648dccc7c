import { isObject, type JsonObject, type JsonValue } from '../json';

/** What a finished job's resource has that is of use later. */
interface EndedJob {
  readonly id?: string;
  readonly jobReference: object;
  readonly status: { readonly state: string };
  readonly statistics?: object;
}

/**
 * A finished job's resource for the history: of its statistics only numbers and names, since plans, timelines and schemas
 * would fill it. Actions behind it name it as `resultsOfJob` says, e.g. `$Statistics.Load.OutputRows`.
 */
export function jobSummary({ id, jobReference, status, statistics = {} }: EndedJob): JsonObject {
  return {
    ...(id === undefined ? {} : { id }),
    jobReference: scalars(jobReference),
    status: { state: status.state },
    statistics: {
      ...scalars(statistics),
      ...Object.fromEntries(
        Object.entries(statistics).flatMap(([kind, own]) => (isObject(own) ? [[kind, scalars(own)]] : [])),
      ),
    },
  };
}

function scalars(value: object): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean',
    ),
  );
}
