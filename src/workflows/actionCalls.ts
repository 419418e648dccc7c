import type { ActivityOptions } from '@temporalio/workflow';
import type { ActionCall, ActionResult } from '../plan/stepContext';
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

/** Other people's servers: half a minute of patience, then the action has failed. A try itself takes up to ten minutes. */
const THIRD_PARTY: ActivityOptions = {
  startToCloseTimeout: '11m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 6 },
};

/** The activity of each action; a copy with MultiPartition is a loop of jobs: see `copyPartitions`. */
export const actionActivities: Readonly<Record<Exclude<ActionStep['action'], 'copyPartitions'>, ActionActivity>> = {
  delete: { call: long.deleteFiles, exhausted: 'park' },
  move: { call: long.moveFiles, exhausted: 'park' },
  insert: { call: long.insertRows, exhausted: 'park' },
  drop: { call: quick.dropTable, exhausted: 'park' },
  call: { call: quick.callEndpoint, options: THIRD_PARTY, exhausted: 'fail' },
  notify: { call: quick.notify, options: THIRD_PARTY, exhausted: 'fail' },
  push: { call: quick.pushMessage, exhausted: 'park' },
};
