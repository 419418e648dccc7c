import { destinationText } from './destination';
import { locationOf, type PlanningFacts } from './facts';
import { labelsOf } from './labels';
import { type PlanningContext, StepNumbers } from './planningContext';
import { planVariables } from './planVariables';
import { LOAD_STEP } from './steps';

/** The facts that the steps of a plan are made from. */
export type LoadFacts = Omit<PlanningFacts, 'loadedTable'>;

/**
 * The context of all steps in the plan of a batch.
 *
 * @param tempTable temporary table in backticks; undefined without Transient, or if the batch could not be planned.
 * @param location location of jobs on tables whose location is unknown.
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
      tempTable,
      journal: facts.journal,
      location,
      firstUrl: first?.url,
    }),
    jobId: facts.jobId,
    projectId: batch.process.projectId,
    defaultProject: facts.defaultProject,
    labels: labelsOf(facts),
    locationOf: (table) => (table && locationOf(facts, table)) ?? location,
    files: batch.files,
  };
}
