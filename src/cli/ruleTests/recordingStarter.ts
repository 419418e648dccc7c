import type { WindowArrival } from '../../starter/windowArrival';
import { WorkflowStarter } from '../../starter/workflowStarter';
import type { FileLoadInput } from '../../workflows/contract';

/** Starts workflows, and records the files that reached them. */
export class RecordingStarter extends WorkflowStarter {
  /** URLs of the files that reached a workflow. */
  readonly arrived = new Set<string>();
  /** IDs of the windows that files reached. */
  readonly windowIds = new Set<string>();

  override async sendToWindow(arrival: WindowArrival): Promise<string> {
    const owner = await super.sendToWindow(arrival);
    this.windowIds.add(arrival.input.windowId);
    this.arrived.add(arrival.file.url);
    return owner;
  }

  override async loadFile(workflowId: string, input: FileLoadInput, ruleUrl: string): Promise<boolean> {
    const started = await super.loadFile(workflowId, input, ruleUrl);
    this.arrived.add(input.file.url);
    return started;
  }
}
