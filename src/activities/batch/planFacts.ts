import type { Config } from '../../config/config';
import { newFailure } from '../../failures';
import { jobId } from '../../journal/jobId';
import { doneProcessFile, runningProcessFile } from '../../journal/names';
import type { SealedBatch } from '../../plan/batch';
import type { PlanningFacts } from '../../plan/facts';
import { PlanError } from '../../plan/planError';
import type { Rule } from '../../rules/types';

/** What plans are made from and nothing has to be read for. */
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
      ...(process.groupUrl === undefined ? {} : { groupUrl: process.groupUrl }),
    },
    ...(windowId === undefined ? {} : { windowId }),
  };
}

/** A plan, or the failure that tells why there is none. @throws ApplicationFailure of the PlanError's code, not to be retried. */
export async function planned<T>(batch: SealedBatch, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw newFailure(error.code, error.message, { details: { ...error.fault, files: batch.files } });
  }
}
