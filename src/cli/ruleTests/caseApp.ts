import type { Services } from '@bqtail/local-stack';
import type { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { parseConfig } from '../../config/config';
import type { RuleProblem } from '../../rules/errorCodes';
import type { RuleStore } from '../../rules/ruleStore';
import type { JsonObject } from '../../rules/types';
import { makeDependencies } from '../../worker/dependencies';
import { createWorker } from '../../worker/worker';
import { flush } from '../../workflows/contract';
import { type AppNames, appConfig } from '../dev/appConfig';
import { makeBuckets, publishEvents } from '../dev/notifications';
import { makeIntake } from '../intake';
import { CaseBridge } from './caseBridge';
import { RecordingStarter } from './recordingStarter';

/** What the cases of a run share. */
export interface TestServices {
  readonly services: Services;
  readonly client: Client;
  readonly connection: NativeConnection;
  /** Not used by other cases at the same time. */
  readonly namespace: string;
}

/** A failed workflow. */
export interface WorkflowFailure {
  readonly workflowId: string;
  /** Failure type, such as `LoadFailed`. */
  readonly type: string;
  readonly message: string;
}

/**
 * The bridge and worker of one case. They run in the process of the runner, so that it knows which files were announced. Each
 * case has its own buckets, project and task queue, and its namespace while it runs, so cases do not affect each other.
 */
export class CaseApp {
  private constructor(
    private readonly shared: TestServices,
    private readonly names: AppNames,
    private readonly starter: RecordingStarter,
    private readonly rules: RuleStore,
    private readonly problems: readonly RuleProblem[],
    private readonly bridge: CaseBridge,
    private readonly worker: Worker,
    private readonly ended: Promise<void>,
    private readonly closeIntake: () => void,
  ) {}

  /** @param config settings over those of the runner. */
  static async start(shared: TestServices, names: AppNames, config: JsonObject): Promise<CaseApp> {
    const { services, client, connection, namespace } = shared;
    await makeBuckets(services, names);
    const problems: RuleProblem[] = [];
    const settings = parseConfig(
      JSON.stringify({ ...appConfig(names, 0, services), ...config }),
      'the configuration of the case',
    );
    const report = { loaded() {}, warned() {}, refused: (problem: RuleProblem) => problems.push(problem) };
    const deps = makeDependencies(settings, () => {}, report);
    const recorder = new RecordingStarter(client, names.taskQueue);
    const { starter, backfill, close } = makeIntake(settings, deps.rules, client, recorder);
    const [worker, bridge] = await Promise.all([
      createWorker(connection, namespace, deps, { backfill: (request) => backfill(request) }),
      CaseBridge.start(starter),
    ]);
    const ended = worker.run();
    await publishEvents(services, names, bridge.port);
    return new CaseApp(shared, names, recorder, deps.rules, problems, bridge, worker, ended, close);
  }

  /** Reads the rules now. @returns their problems. */
  async readRules(): Promise<readonly RuleProblem[]> {
    await this.rules.scan();
    return this.problems;
  }

  /** The files that have neither reached a workflow nor been answered by the bridge. */
  notAnnounced(urls: readonly string[]): readonly string[] {
    return urls.filter((url) => !this.starter.arrived.has(url) && !this.bridge.responses.has(url));
  }

  /** Files that reached no workflow, with the status of the bridge's response. */
  rejected(urls: readonly string[]): readonly string[] {
    return urls.flatMap((url) => {
      const response = this.bridge.responses.get(url);
      if (this.starter.arrived.has(url) || !response || response.Status === 'ok') return [];
      return [`${url}: ${response.Status}${response.Error ? `: ${response.Error}` : ''}`];
    });
  }

  /** Makes all windows load their files now. */
  async flush(): Promise<void> {
    const { workflow } = this.shared.client;
    // A window that has ended needs no signal.
    const signals = [...this.starter.windowIds].map((id) =>
      workflow
        .getHandle(id)
        .signal(flush)
        .catch(() => undefined),
    );
    await Promise.all(signals);
  }

  /** IDs of the case's running workflows. */
  async running(): Promise<readonly string[]> {
    const ids: string[] = [];
    const query = `TaskQueue = '${this.names.taskQueue}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of this.shared.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  }

  /** The case's failed workflows. */
  async failures(): Promise<readonly WorkflowFailure[]> {
    const failures: WorkflowFailure[] = [];
    const query = `TaskQueue = '${this.names.taskQueue}' AND ExecutionStatus = 'Failed'`;
    const { workflow } = this.shared.client;
    for await (const { workflowId, runId } of workflow.list({ query })) {
      const failure = await workflow
        .getHandle(workflowId, runId)
        .result()
        .catch((error: unknown) => error);
      failures.push({ workflowId, ...causeOf(failure) });
    }
    return failures;
  }

  /** Stops bridge and worker, and ends running workflows, because the next case may use the same workflow IDs. */
  async stop(): Promise<void> {
    this.closeIntake();
    const { workflow } = this.shared.client;
    for (const workflowId of await this.running()) {
      await workflow
        .getHandle(workflowId)
        .terminate('the case is over')
        .catch(() => undefined);
    }
    if (this.worker.getState() === 'RUNNING') this.worker.shutdown();
    await Promise.all([this.ended, this.bridge.stop()]);
  }
}

/** Type and message of the error with which a workflow failed. */
function causeOf(failure: unknown): { type: string; message: string } {
  const { cause = failure } = Object(failure);
  const { type, message } = Object(cause);
  return { type: typeof type === 'string' ? type : 'unknown', message: String(message ?? failure) };
}
