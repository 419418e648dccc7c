import type { Config } from '../../config/config';
import { newFailure } from '../../failures';
import { jobId } from '../../journal/jobId';
import { doneProcessFile, runningProcessFile } from '../../journal/names';
import type { SealedBatch } from '../../plan/batch';
import type { PlanningFacts } from '../../plan/facts';
import { PlanError } from '../../plan/planError';
import type { Rule } from '../../rules/types';

/** Facts of a plan that are known without reading anything. */
export type KnownFacts = Omit<PlanningFacts, 'files' | 'tables' | 'locations' | 'loadedTable'>;

export function knownFacts(rule: Rule, batch: SealedBatch, windowId: string | undefined, config: Config): KnownFacts {
  const { process } = batch;
  return {
    rule,
    batch,
    defaultProject: config.projectId,
    jobId: (step, action) => jobId({ ...process, step, action }),
    journal: {
      processUrl: runningProcessFile(config, process),
      doneProcessUrl: doneProcessFile(config, process),
      failedUrl: config.failedLoadProcessUrl,
      groupUrl: process.groupUrl,
    },
    windowId,
  };
}

/**
 * Turns a `PlanError` into the failure of an activity.
 *
 * @param details facts for the operator, besides those of the error
 * @throws ApplicationFailure of the error's code
 */
export async function planned<T>(make: () => T | Promise<T>, details: object = {}): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw newFailure(error.code, error.message, { details: { ...error.fault, ...details } });
  }
}
