import { isObject } from '../../json';
import type { BatchFiles } from '../batch';
import type { JobStep, LoadStep, ReloadTarget, Step } from '../steps';

// Replayed by workflows: see README.md of this folder before a change.

/** The ledger entry that the end of a step settles. A step as planned settles its own entry. */
export function ledgerTargetOf({ files, reload }: LoadStep): ReloadTarget {
  return reload ?? { entry: files.entry, from: files.from ?? 0, whole: files.from === undefined };
}

/**
 * Whether the end of this one job settles the ledger entry of its batch: the only load job, straight into the destination.
 * Otherwise the workflow settles the batch once all of its rows have arrived.
 */
export function settlesBatch(step: LoadStep | JobStep): step is LoadStep {
  return step.action === 'load' && step.fills === undefined && ledgerTargetOf(step).whole;
}

/** The step that loads the remaining files: the same job under another ID. */
export function reloadStep(step: LoadStep, jobId: string, files: BatchFiles): LoadStep {
  return { ...step, job: { ...step.job, jobId }, files, reload: ledgerTargetOf(step) };
}

/**
 * The stages of a load after a first part without any good file: the next part creates or truncates the table in its place,
 * then the others append.
 */
export function openedInPlaceOf(first: LoadStep, others: readonly LoadStep[]): readonly (readonly LoadStep[])[] {
  const [next, ...rest] = others;
  if (!next) return [];
  const opening = { writeDisposition: dispositionOf(first) };
  const { load } = next.job.configuration;
  const configuration = { ...next.job.configuration, load: { ...(isObject(load) ? load : {}), ...opening } };
  return [[{ ...next, job: { ...next.job, configuration } }], ...(rest.length > 0 ? [rest] : [])];
}

function dispositionOf({ job }: LoadStep) {
  const { load } = job.configuration;
  return (isObject(load) ? load.writeDisposition : undefined) ?? 'WRITE_APPEND';
}

/**
 * Steps about the files that were loaded, where the plan has the whole batch: `$LoadURIs` and `$URLs` do not contain
 * quarantined files.
 */
export function aboutLoaded(steps: readonly Step[], files: BatchFiles): readonly Step[] {
  return steps.map((step) => ({
    ...step,
    files: step.files && files,
    onSuccess: aboutLoaded(step.onSuccess, files),
    onFailure: aboutLoaded(step.onFailure, files),
  }));
}
