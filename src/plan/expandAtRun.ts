import { definedFields, type JsonObject, type JsonValue } from '../json';
import { expand, type Variables } from '../rules/variables';

/** Facts that are known only when a step runs. */
export interface RunFacts {
  /** URIs of the step's files from the ledger entry; required if the step has `files`. */
  readonly uris?: readonly string[];
  /** ID of the last BigQuery job before the step: `$JobID`. */
  readonly jobId?: string;
  /** Results of the previous step in the list, e.g. those of `resultsOfJob` or `{ StatusCode: 200, Data: … }`. */
  readonly results?: JsonObject;
  /** Message of the failure that an OnFailure step handles: `$Error`. */
  readonly error?: string;
  /** Response of the process at this point: `$Response`. */
  readonly response?: JsonObject;
  /** Partition that a step copies: `$PartitionID`. */
  readonly partitionId?: string;
}

/**
 * Replaces the variables in a request or job configuration that had no value when the plan was made. Unknown variables stay.
 *
 * @example expandAtRun({ URLs: '$LoadURIs' }, { uris: ['gs://b/a'] }) // { URLs: ['gs://b/a'] }
 */
export function expandAtRun(value: JsonObject, runFacts: RunFacts): JsonObject {
  const { uris, jobId, results, error, response, partitionId } = runFacts;
  const facts: Variables = definedFields({
    LoadURIs: uris,
    URLs: uris?.join(','),
    JobID: jobId,
    Error: error,
    Response: response,
    PartitionID: partitionId,
    DollarSign: partitionId === undefined ? undefined : '$',
  });
  return expand(value, { ...results, ...facts });
}

/** Whether a request or configuration contains `$LoadURIs` or `$URLs`, and so needs the files of the batch when it runs. */
export function namesFiles(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return /\$(?:(?:LoadURIs|URLs)\b|\{\s*(?:LoadURIs|URLs)\b)/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => namesFiles(key) || namesFiles(item));
}
