import type { BatchFiles } from '../batch';
import type { Step } from '../steps';

/**
 * Steps that are about the files that were loaded, where the plan meant all of the batch: `$LoadURIs` and `$URLs` name no file
 * that was set aside (spec 2, section 5.3).
 */
export function aboutLoaded(steps: readonly Step[], files: BatchFiles): readonly Step[] {
  return steps.map((step) => ({
    ...step,
    ...(step.files ? { files } : {}),
    onSuccess: aboutLoaded(step.onSuccess, files),
    onFailure: aboutLoaded(step.onFailure, files),
  }));
}
