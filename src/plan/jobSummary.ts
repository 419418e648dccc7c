import { definedFields, isObject, type JsonObject } from '../json';

/** The fields of an ended job's resource that a summary reads. */
interface EndedJob {
  readonly id?: string;
  readonly jobReference: object;
  readonly status: { readonly state: string };
  readonly statistics?: object;
}

/**
 * The resource of an ended job for the history. Query plans, timelines and schemas would make the history large, so the
 * summary keeps only scalar statistics. Later actions read it through `resultsOfJob`, e.g. `$Statistics.Load.OutputRows`.
 */
export function jobSummary({ id, jobReference, status, statistics = {} }: EndedJob): JsonObject {
  return definedFields({
    id,
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

function scalars(value: object): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean',
    ),
  );
}
