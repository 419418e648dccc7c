import { workflowInfo } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import { folderOf } from '../windows/folder';
import type { WindowIdentity } from '../windows/windowIdentity';
import { quick, withSummary } from './activityCalls';
import type { BatchWindowInput } from './contract';
import type { Gathering } from './gathering';
import type { OutageRetry } from './outageRetry';

/** The files that tell of a window while it lives: `.win`, and `.loc` for each folder of a window of many. */
export class WindowFiles {
  private readonly marked = new Set<string>();
  private seen = 0;
  private waiting: string[] = [];
  /** Names the window and its owner while the files are there. */
  marks: WindowIdentity | undefined;

  constructor(
    private readonly input: BatchWindowInput,
    private readonly gathering: Gathering,
    private readonly patience: OutageRetry,
  ) {}

  /** Names the window and its owner; writes `.win` unless it is there. */
  async open(owner: FileEvent): Promise<WindowIdentity> {
    if (this.marks) return this.marks;
    const { windowId: id, due, dest, start, multiPath } = this.input;
    const startedMs = workflowInfo().startTime.getTime();
    const marks: WindowIdentity = { id, start, due, multiPath, dest, owner, startedMs };
    const written = await this.patience.retryUntilUp(() =>
      quick.openWindow.executeWithOptions(withSummary(`${id}.win`), [marks]),
    );
    this.marks = written ? { ...marks, start: written.start } : marks;
    await this.mark();
    return this.marks;
  }

  /** Start of the window, which is earlier than by its ID when it took over the one before. */
  get start(): number {
    return this.marks?.start ?? this.input.start;
  }

  /** Lets them be deleted; whoever goes on opens anew. */
  async close(deletion: () => Promise<void>): Promise<void> {
    this.marks = undefined;
    this.marked.clear();
    this.seen = 0;
    await deletion();
  }

  /** Whether files came of folders that are not marked. */
  get unmarked(): boolean {
    if (!this.input.multiPath) return false;
    if (this.gathering.announced === this.seen) return this.waiting.length > 0;
    const folders = new Set([...this.gathering.files].map(({ url }) => folderOf(url)));
    this.waiting = [...folders].filter((folder) => !this.marked.has(folder));
    this.seen = this.gathering.announced;
    return this.waiting.length > 0;
  }

  /** Writes `.loc` of the folders that are not marked. */
  async mark(): Promise<void> {
    if (!this.marks || !this.unmarked) return;
    const folders = this.waiting;
    const marks = this.marks;
    this.waiting = [];
    for (const folder of folders) this.marked.add(folder);
    const what = withSummary(`.loc of ${folders.length} folders`);
    await this.patience.retryUntilUp(() => quick.markFolders.executeWithOptions(what, [marks, folders]));
  }
}
