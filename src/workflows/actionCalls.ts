import type { ActivityOptions } from '@temporalio/workflow';
import type { ActionCall, ActionResult } from '../plan/stepContext';
import type { ActionStep } from '../plan/steps';
import { longActivities, shortActivities } from './activityCalls';

/** How workflows call the activity of an action. */
export interface ActionActivity {
  readonly call: {
    executeWithOptions(options: ActivityOptions, args: [ActionCall]): Promise<ActionResult>;
  };
  /** Own timeouts and retry policy; they override those of `activityCalls`. */
  readonly options?: ActivityOptions;
  /**
   * When the attempts are used up: `park` waits for the end of the outage, `fail` makes the action fail, so that its OnFailure
   * runs.
   */
  readonly exhausted: 'park' | 'fail';
}

/** Third-party servers: the attempts last about 30 s, then the action fails. One attempt may take up to 10 minutes. */
const THIRD_PARTY: ActivityOptions = {
  startToCloseTimeout: '11m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 6 },
};

/** The activity of each action. A copy with MultiPartition is a loop of jobs instead: see `copyPartitions`. */
export const actionActivities: Readonly<Record<Exclude<ActionStep['action'], 'copyPartitions'>, ActionActivity>> = {
  delete: { call: longActivities.deleteFiles, exhausted: 'park' },
  move: { call: longActivities.moveFiles, exhausted: 'park' },
  insert: { call: longActivities.insertRows, exhausted: 'park' },
  drop: { call: shortActivities.dropTable, exhausted: 'park' },
  call: { call: shortActivities.callEndpoint, options: THIRD_PARTY, exhausted: 'fail' },
  notify: { call: shortActivities.notify, options: THIRD_PARTY, exhausted: 'fail' },
  push: { call: shortActivities.pushMessage, exhausted: 'park' },
};
