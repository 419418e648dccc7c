import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import type { Variables } from '../rules/variables';
import type { BatchFiles } from './batch';
import type { PlannedJobAction } from './facts';
import type { PlannedJob } from './job';

/** Numbers the steps of a plan. */
export class StepNumbers {
  /** @param last number of the last step that has a number. */
  constructor(private last: number) {}

  /** The number of the next step. */
  next(): number {
    this.last += 1;
    return this.last;
  }

  /** The last number. */
  get count(): number {
    return this.last;
  }
}

/** The facts that all steps of a plan share. */
export interface PlanningContext {
  readonly ruleId: string;
  readonly numbers: StepNumbers;
  /** Variables that have a value when the plan is made. */
  readonly variables: Variables;
  /** Makes the job ID of a step. */
  readonly jobId: (step: number, action: PlannedJobAction) => string;
  /** Project of the jobs. */
  readonly projectId: string;
  /** Project of tables that are named without a project. */
  readonly defaultProject: string;
  /** Labels of all jobs. */
  readonly labels: JsonObject;
  /** Location of jobs on a table; undefined lets BigQuery choose. */
  readonly locationOf: (table: TableReference | undefined) => string | undefined;
  /** Files of the batch; absent for a group. */
  readonly files?: BatchFiles;
}

/**
 * A job of a plan, with the labels of the plan.
 *
 * @param table table whose location the job runs in.
 */
export function plannedJob(
  context: PlanningContext,
  step: number,
  action: PlannedJobAction,
  configuration: JsonObject,
  table: TableReference | undefined,
): PlannedJob {
  return {
    jobId: context.jobId(step, action),
    projectId: context.projectId,
    location: context.locationOf(table),
    configuration: { labels: context.labels, ...configuration },
  };
}
