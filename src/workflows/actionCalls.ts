import type { ActivityOptions } from '@temporalio/workflow';
import type { ActionCall, ActionResult } from '../plan/circumstances';
import type { ActionStep } from '../plan/steps';
import { long, quick } from './activityCalls';

/** How the history calls an action's activity. */
export interface ActionActivity {
  readonly call: {
    executeWithOptions(options: ActivityOptions, args: [ActionCall]): Promise<ActionResult>;
  };
  /** Its own retry policy and times, over those of `activityCalls`. */
  readonly options?: ActivityOptions;
  /**
   * `park` waits for the end of an outage when the attempts are over, `fail` takes that for the failure of the action, so
   * that its OnFailure runs.
   */
  readonly exhausted: 'park' | 'fail';
}

/** The activity of each action; a copy with MultiPartition is a loop of jobs: see `copyPartitions`. */
export const actionActivities: Readonly<Partial<Record<ActionStep['action'], ActionActivity>>> = {
  delete: { call: long.deleteFiles, exhausted: 'park' },
  move: { call: long.moveFiles, exhausted: 'park' },
  insert: { call: long.insertRows, exhausted: 'park' },
  drop: { call: quick.dropTable, exhausted: 'park' },
};
