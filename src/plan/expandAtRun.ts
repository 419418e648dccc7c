import type { JsonObject, JsonValue } from '../json';
import { expand, type Variables } from '../rules/variables';

/** What is known only when a step runs. */
export interface RunFacts {
  /** URIs of the step's files, read from the ledger part; needed when the step has `files`. */
  readonly uris?: readonly string[];
  /** ID of the BigQuery job that ran last before the step: `$JobID`. */
  readonly jobId?: string;
  /** What the step before in the same list gave, e.g. `resultsOfJob` or `{ StatusCode: 200, Data: … }`. */
  readonly results?: JsonObject;
  /** Text of the error that the step is the answer to: `$Error`. */
  readonly error?: string;
  /** Response of the process so far: `$Response`. */
  readonly response?: JsonObject;
  /** Partition that a copy is about: `$PartitionID`. */
  readonly partitionId?: string;
}

/**
 * Puts into a request, or into a job's configuration, what the plan left open. Names without a value stay as they are.
 *
 * @example expandAtRun({ URLs: '$LoadURIs' }, { uris: ['gs://b/a'] }) // { URLs: ['gs://b/a'] }
 */
export function expandAtRun(value: JsonObject, facts: RunFacts): JsonObject {
  const { uris, jobId, results, error, response, partitionId } = facts;
  const variables: Variables = {
    ...results,
    ...(uris === undefined ? {} : { LoadURIs: uris, URLs: uris.join(',') }),
    ...(jobId === undefined ? {} : { JobID: jobId }),
    ...(error === undefined ? {} : { Error: error }),
    ...(response === undefined ? {} : { Response: response }),
    ...(partitionId === undefined ? {} : { PartitionID: partitionId, DollarSign: '$' }),
  };
  return expand(value, variables);
}

/** Whether a request or configuration needs the URIs of the batch when it runs. */
export function namesFiles(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return /\$(?:(?:LoadURIs|URLs)\b|\{\s*(?:LoadURIs|URLs)\b)/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => namesFiles(key) || namesFiles(item));
}
