import { expandText } from '../rules/variables';
import type { GroupRun } from '../windows/groupRun';
import type { Process } from '../windows/process';
import { actionSteps } from './actions/actionSteps';
import type { Performance } from './balancer';
import { locationOf, type PlanningFacts } from './facts';
import { labelsOf } from './labels';
import { StepNumbers } from './planningContext';
import { planVariables } from './planVariables';
import type { Step } from './steps';

/** The facts that the plan of a group is made from. */
export interface GroupFacts
  extends Pick<PlanningFacts, 'rule' | 'defaultProject' | 'jobId' | 'journal' | 'locations' | 'tables' | 'windowId'> {
  /** The group as a process. Its `params` contain the GroupID. */
  readonly process: Process;
  /** Number of steps in the plans of the group's other rules; numbering continues after them. */
  readonly steps?: number;
}

/** The steps of a complete group. */
export interface GroupPlan {
  readonly ruleId: string;
  readonly onDone: readonly Step[];
  readonly stepCount: number;
}

/** A complete group, and the rule whose actions are to be planned. */
export interface GroupPlanning {
  readonly input: GroupRun;
  readonly ruleId: string;
  /** Number of steps in the plans of the group's other rules so far. */
  readonly steps: number;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
}

/** The actions of a group as a process. */
export interface PlannedGroup extends GroupPlan {
  readonly process: Process;
  /** See `Plan.performance`. */
  readonly performance?: Performance;
}

/**
 * Plans `Batch.Group.OnDone`.
 *
 * @throws PlanError if a request is invalid for its action.
 */
export function planGroup(facts: GroupFacts): GroupPlan {
  const { rule, process } = facts;
  const numbers = new StepNumbers(facts.steps ?? 0);
  const onDone = actionSteps(rule.batch?.group?.onDone ?? [], 'Batch.Group.OnDone', {
    ruleId: rule.id,
    numbers,
    variables: planVariables({ process, destTable: expandText(process.dest, process.params), journal: facts.journal }),
    jobId: facts.jobId,
    projectId: process.projectId,
    defaultProject: facts.defaultProject,
    labels: labelsOf({ ...facts, batch: { process, ruleId: rule.id } }),
    locationOf: (table) => (table ? locationOf(facts, table) : undefined),
  });
  return { ruleId: rule.id, onDone, stepCount: numbers.count };
}
