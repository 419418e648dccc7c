import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import type { Variables } from '../rules/variables';
import type { BatchFiles } from './batch';
import type { PlannedJobAction } from './facts';
import type { PlannedJob } from './job';

/** Hands out the numbers of a plan's steps, in the order in which they are asked for. */
export class StepNumbers {
  constructor(private last: number) {}

  next(): number {
    this.last += 1;
    return this.last;
  }

  /** Numbers handed out. */
  get count(): number {
    return this.last;
  }
}

/** What all steps of a plan have in common. */
export interface PlanningContext {
  readonly ruleId: string;
  readonly numbers: StepNumbers;
  readonly variables: Variables;
  readonly jobId: (step: number, action: PlannedJobAction) => string;
  /** Project of the jobs. */
  readonly projectId: string;
  /** Project of tables that name none. */
  readonly defaultProject: string;
  readonly labels: JsonObject;
  /** Location of jobs on a table; undefined leaves it to BigQuery. */
  readonly locationOf: (table: TableReference | undefined) => string | undefined;
  /** Files of the batch; absent for a group. */
  readonly files?: BatchFiles;
}

/** A job of a plan, labelled. */
export function plannedJob(
  context: PlanningContext,
  step: number,
  action: PlannedJobAction,
  configuration: JsonObject,
  table: TableReference | undefined,
): PlannedJob {
  const location = context.locationOf(table);
  return {
    jobId: context.jobId(step, action),
    projectId: context.projectId,
    ...(location === undefined ? {} : { location }),
    configuration: { labels: context.labels, ...configuration },
  };
}
