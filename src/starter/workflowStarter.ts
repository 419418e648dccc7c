import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { FileEvent } from '../windows/fileEvent';
import {
  BATCH_WINDOW,
  type CompleteFolder,
  FILE_LOAD,
  type FileLoadInput,
  filesArrived,
  folderComplete,
  searchAttributes,
  type WorkflowMemo,
} from '../workflows/contract';
import { MicroBatcher } from './microBatcher';
import type { WindowArrival } from './windowArrival';

/** Some tens of milliseconds make one signal of a burst; more would be felt. */
const COLLECT_MS = 20;
const FILES_A_SIGNAL = 500;
const OWNERS_KEPT = 10_000;

/** Starts and signals workflows. An arrival is accepted when its promise resolves: then Temporal has it. */
export class WorkflowStarter {
  private readonly owners = new Map<string, string>();
  private readonly windows: MicroBatcher<WindowArrival, string>;

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {
    this.windows = new MicroBatcher((_key, arrivals) => this.signal(arrivals), COLLECT_MS, FILES_A_SIGNAL);
  }

  /** Sends a file to its window. @returns event ID of the window's owner. */
  intoWindow(arrival: WindowArrival): Promise<string> {
    return this.windows.add(arrival.input.windowId, arrival);
  }

  /** Tells a window that a folder is complete; one that has ended has nothing left to close. */
  async folderComplete(windowId: string, folder: CompleteFolder): Promise<void> {
    try {
      await this.client.workflow.getHandle(windowId).signal(folderComplete, folder);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  /**
   * Starts the load of a single file; the same version of a file is loaded once however often it is announced.
   *
   * @returns whether this call started it.
   */
  async loadFile(workflowId: string, input: FileLoadInput, ruleUrl: string): Promise<boolean> {
    try {
      await this.client.workflow.start(FILE_LOAD, {
        workflowId,
        taskQueue: this.taskQueue,
        args: [input],
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        ...described(input.dest, input.file, ruleUrl, undefined),
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  private async signal(arrivals: readonly WindowArrival[]): Promise<string> {
    const [first] = arrivals;
    if (!first) throw new RangeError('no arrival to signal');
    const { input, file, ruleUrl } = first;
    const handle = await this.client.workflow.signalWithStart(BATCH_WINDOW, {
      workflowId: input.windowId,
      taskQueue: this.taskQueue,
      args: [input],
      signal: filesArrived,
      signalArgs: [arrivals.map((arrival) => arrival.file)],
      ...described(input.dest, file, ruleUrl, input.due),
    });
    return this.ownerOf(input.windowId, handle.signaledRunId);
  }

  /** The event that started a run stands in its memo; asked once a run. */
  private async ownerOf(workflowId: string, runId: string): Promise<string> {
    const known = this.owners.get(runId);
    if (known !== undefined) return known;
    const { memo } = await this.client.workflow.getHandle(workflowId, runId).describe();
    const owner = String(memo?.['ownerEventId'] ?? '');
    this.owners.set(runId, owner);
    const [oldest] = this.owners.keys();
    if (this.owners.size > OWNERS_KEPT && oldest !== undefined) this.owners.delete(oldest);
    return owner;
  }
}

/** What listings and the Web UI show of a workflow from its start. */
function described(dest: string, file: FileEvent, ruleUrl: string, due: number | undefined) {
  const memo: WorkflowMemo = { ownerEventId: file.eventId, ruleUrl };
  const when = due === undefined ? 'single file' : `due ${new Date(due * 1000).toISOString()}`;
  return {
    memo,
    staticSummary: `${dest}, ${when}`,
    staticDetails: [
      `- destination \`${dest}\``,
      `- ${when}`,
      `- rule \`${file.ruleId}\``,
      `- first file \`${file.url}\``,
    ].join('\n'),
    typedSearchAttributes: [
      { key: searchAttributes.dest, value: dest },
      { key: searchAttributes.rule, value: file.ruleId },
      { key: searchAttributes.stage, value: 'gathering' },
      ...(due === undefined ? [] : [{ key: searchAttributes.due, value: new Date(due * 1000) }]),
    ],
  };
}
