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

/** What a case shares with others of its run. */
export interface TestServices {
  readonly services: Services;
  readonly client: Client;
  readonly connection: NativeConnection;
  /** No other case that runs at the same time has it. */
  readonly namespace: string;
}

/** How a workflow failed. */
export interface WorkflowFailure {
  readonly workflowId: string;
  /** Type of the failure, such as `LoadFailed`. */
  readonly type: string;
  readonly message: string;
}

/**
 * Bridge and worker of one case, in the runner's own process, so that it knows what was announced. Buckets, project and task
 * queue are the case's own, and its namespace while it runs: cases cannot touch each other.
 */
export class CaseApp {
  private constructor(
    private readonly shared: TestServices,
    private readonly names: AppNames,
    private readonly started: RecordingStarter,
    private readonly rules: RuleStore,
    private readonly problems: readonly RuleProblem[],
    private readonly bridge: CaseBridge,
    private readonly worker: Worker,
    private readonly ended: Promise<void>,
    private readonly closeIntake: () => void,
  ) {}

  /** @param config fields of the configuration that replace the runner's. */
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
    const started = new RecordingStarter(client, names.taskQueue);
    const { starter, backfill, close } = makeIntake(settings, deps.rules, client, started);
    const [worker, bridge] = await Promise.all([
      createWorker(connection, namespace, deps, { backfill: (request) => backfill(request) }),
      CaseBridge.start(starter),
    ]);
    const ended = worker.run();
    await publishEvents(services, names, bridge.port);
    return new CaseApp(shared, names, started, deps.rules, problems, bridge, worker, ended, close);
  }

  /** Reads the rules now. @returns what is wrong with them. */
  async readRules(): Promise<readonly RuleProblem[]> {
    await this.rules.scan();
    return this.problems;
  }

  /** Which of these files have not been dealt with: neither taken by a workflow nor left out by the rules. */
  notAnnounced(urls: readonly string[]): readonly string[] {
    return urls.filter((url) => !this.started.arrived.has(url) && !this.bridge.responses.has(url));
  }

  /** What the bridge said of files that no workflow took, in words. */
  leftOut(urls: readonly string[]): readonly string[] {
    return urls.flatMap((url) => {
      const response = this.bridge.responses.get(url);
      if (this.started.arrived.has(url) || !response || response.Status === 'ok') return [];
      return [`${url}: ${response.Status}${response.Error ? `: ${response.Error}` : ''}`];
    });
  }

  /** Has all windows load now what they gathered. */
  async flush(): Promise<void> {
    const { workflow } = this.shared.client;
    // One that has ended by itself needs no signal.
    const signals = [...this.started.windowIds].map((id) =>
      workflow
        .getHandle(id)
        .signal(flush)
        .catch(() => undefined),
    );
    await Promise.all(signals);
  }

  /** Workflows of the case that still run. */
  async running(): Promise<readonly string[]> {
    const found: string[] = [];
    const query = `TaskQueue = '${this.names.taskQueue}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of this.shared.client.workflow.list({ query })) found.push(workflowId);
    return found;
  }

  /** Workflows of the case that failed. */
  async failures(): Promise<readonly WorkflowFailure[]> {
    const found: WorkflowFailure[] = [];
    const query = `TaskQueue = '${this.names.taskQueue}' AND ExecutionStatus = 'Failed'`;
    const { workflow } = this.shared.client;
    for await (const { workflowId, runId } of workflow.list({ query })) {
      const failure = await workflow
        .getHandle(workflowId, runId)
        .result()
        .catch((error: unknown) => error);
      found.push({ workflowId, ...causeOf(failure) });
    }
    return found;
  }

  /** Ends all of it, workflows that still run included, as the next case may have some of the same ID. */
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

/** Type and message of what a failed workflow was thrown out by. */
function causeOf(failure: unknown): { type: string; message: string } {
  const { cause = failure } = Object(failure);
  const { type, message } = Object(cause);
  return { type: typeof type === 'string' ? type : 'unknown', message: String(message ?? failure) };
}
