import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../activities/activities';
import type { Dependencies } from '../activities/dependencies';
import type { Deployment } from '../config/config';
import type { BackfillActivities } from '../workflows/contract';
import { heartbeats } from './heartbeats';

/** The build writes this bundle. Without it, the worker bundles the workflows when it starts, which takes some seconds. */
const BUNDLE = join(__dirname, 'workflowBundle.js');
const WORKFLOWS = join(__dirname, '..', 'workflows', 'index');

/** Creates a worker for all workflows and activities of one task queue. */
export function createWorker(
  connection: NativeConnection,
  namespace: string,
  deps: Dependencies,
  backfill: BackfillActivities,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: deps.config.taskQueue,
    activities: { ...createActivities(deps), ...backfill },
    ...(existsSync(BUNDLE) ? { workflowBundle: { codePath: BUNDLE } } : { workflowsPath: require.resolve(WORKFLOWS) }),
    interceptors: { activity: [heartbeats] },
    ...deploymentOptions(deps.config.deployment),
    // Time after which another worker takes over the cached workflows of a killed one.
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: '10s',
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
}

function deploymentOptions(deployment: Deployment | undefined): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (!deployment) return {};
  const { name: deploymentName, buildId, behavior: defaultVersioningBehavior } = deployment;
  const version = { deploymentName, buildId };
  return { workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior } };
}
