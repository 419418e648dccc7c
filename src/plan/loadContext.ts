import { destinationText } from './destination';
import { locationOf, type PlanningFacts } from './facts';
import { labelsOf } from './labels';
import { type PlanningContext, StepNumbers } from './planningContext';
import { planVariables } from './planVariables';

const LOAD_STEP = 1;

/** What the steps of a batch's plan are made from. */
export type LoadFacts = Omit<PlanningFacts, 'loadedTable'>;

/**
 * What all steps of a batch have in common.
 *
 * @param tempTable in back-quotes; absent without Transient, and where the batch could not be planned.
 * @param location of the jobs on tables whose own is unknown.
 */
export function loadContext(
  facts: LoadFacts,
  tempTable: string | undefined,
  location: string | undefined,
): PlanningContext {
  const { rule, batch, files } = facts;
  const [first] = files;
  return {
    ruleId: rule.id,
    numbers: new StepNumbers(LOAD_STEP),
    variables: planVariables({
      process: batch.process,
      destTable: destinationText(facts),
      ...(tempTable === undefined ? {} : { tempTable }),
      journal: facts.journal,
      ...(location === undefined ? {} : { location }),
      ...(first ? { firstUrl: first.url } : {}),
    }),
    jobId: facts.jobId,
    projectId: batch.process.projectId,
    defaultProject: facts.defaultProject,
    labels: labelsOf(facts),
    locationOf: (table) => (table && locationOf(facts, table)) ?? location,
    files: batch.files,
  };
}
