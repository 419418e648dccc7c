import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { eventBytes, MAX_EVENT_BYTES } from '../windows/eventSlices';
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

/** 20 ms collects a burst into one signal; a longer delay would slow down single files. */
const COLLECT_MS = 20;
const MAX_FILES_PER_SIGNAL = 500;
const MAX_CACHED_OWNERS = 10_000;

/** Starts and signals workflows. When the promise of a file resolves, Temporal has stored the file. */
export class WorkflowStarter {
  /** Event IDs of owners by run ID. */
  private readonly owners = new Map<string, string>();
  private readonly windows: MicroBatcher<WindowArrival, string>;

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {
    const size = { max: MAX_EVENT_BYTES, of: ({ file }: WindowArrival) => eventBytes(file) };
    this.windows = new MicroBatcher((_key, arrivals) => this.signal(arrivals), COLLECT_MS, MAX_FILES_PER_SIGNAL, size);
  }

  /** Sends a file to its window, which it opens if needed. @returns event ID of the file that opened the window. */
  sendToWindow(arrival: WindowArrival): Promise<string> {
    return this.windows.add(arrival.input.windowId, arrival);
  }

  /** Signals a window that a folder is complete. Does nothing for a window that has ended. */
  async folderComplete(windowId: string, folder: CompleteFolder): Promise<void> {
    try {
      await this.client.workflow.getHandle(windowId).signal(folderComplete, folder);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  /**
   * Starts the load of a single file. The same version of a file is loaded once, however many events it has.
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
        ...displayOptions(input.dest, input.file, ruleUrl, undefined),
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
      ...displayOptions(input.dest, file, ruleUrl, input.due),
    });
    return this.ownerOf(input.windowId, handle.signaledRunId);
  }

  /** Event ID of the owner of a run, from its memo; read once per run. */
  private async ownerOf(workflowId: string, runId: string): Promise<string> {
    const cached = this.owners.get(runId);
    if (cached !== undefined) return cached;
    const { memo } = await this.client.workflow.getHandle(workflowId, runId).describe();
    const owner = String(memo?.['ownerEventId'] ?? '');
    this.owners.set(runId, owner);
    const [oldest] = this.owners.keys();
    if (this.owners.size > MAX_CACHED_OWNERS && oldest !== undefined) this.owners.delete(oldest);
    return owner;
  }
}

/** Memo, summary and search attributes that listings and the Web UI show. */
function displayOptions(dest: string, file: FileEvent, ruleUrl: string, due: number | undefined) {
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
