import { isList, isObject, type JsonObject, type JsonValue } from '../../json';
import type { ActionResult, StepContext } from '../stepContext';

// Replayed by workflows: see README.md of this folder before a change.

/** Variables after a step: its results over the earlier ones. */
export function afterStep(before: StepContext, { jobId, results }: ActionResult): StepContext {
  return { ...before, jobId: jobId ?? before.jobId, results: results ?? before.results };
}

/**
 * The results of a job for the next step: its resource with capitalised keys, as `$JobReference.JobId` or `$Status.State`.
 *
 * @example resultsOfJob({ jobReference: { jobId: 'x' } }) // { JobReference: { JobId: 'x' } }
 */
export function resultsOfJob(resource: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(resource).map(([key, item]) => [capital(key), capitalised(item)]));
}

function capitalised(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(capitalised);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [capital(key), capitalised(item)]));
}

function capital(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
