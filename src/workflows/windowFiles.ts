import { workflowInfo } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import { folderOf } from '../windows/folder';
import type { WindowIdentity } from '../windows/windowIdentity';
import { shortActivities, withSummary } from './activityCalls';
import type { BatchWindowInput } from './contract';
import type { Gathering } from './gathering';
import type { RunContext } from './runContext';

/** The files of an open window: `.win`, and one `.loc` per folder when a window covers several folders. */
export class WindowFiles {
  /** Set while the files exist. */
  identity: WindowIdentity | undefined;
  /** Folders that have a `.loc` file. */
  private readonly written = new Set<string>();
  private newFolders: string[] = [];
  private announcedBefore = 0;

  constructor(
    private readonly input: BatchWindowInput,
    private readonly gathering: Gathering,
    private readonly context: RunContext,
  ) {}

  /** Start of the window. It is earlier than in the window ID when the window took over the unused one before it. */
  get start(): number {
    return this.identity?.start ?? this.input.start;
  }

  /** Writes the files, unless they exist. */
  async open(owner: FileEvent): Promise<void> {
    if (this.identity) return;
    const { windowId: id, due, dest, start, multiPath } = this.input;
    const startedMs = workflowInfo().startTime.getTime();
    const identity: WindowIdentity = { id, start, due, multiPath, dest, owner, startedMs };
    const opened = await this.context.retry.retryUntilUp(() =>
      shortActivities.openWindow.executeWithOptions(withSummary(`${id}.win`), [identity]),
    );
    this.identity = { ...identity, start: opened?.start ?? start };
    await this.writeFolderFiles();
  }

  /** Forgets the files, which the caller deletes. The next batch writes them again. */
  forget(): WindowIdentity | undefined {
    const { identity } = this;
    this.identity = undefined;
    this.written.clear();
    this.announcedBefore = 0;
    return identity;
  }

  /** Whether files have come from folders without a `.loc` file. */
  get hasNewFolders(): boolean {
    if (!this.input.multiPath) return false;
    if (this.gathering.announced === this.announcedBefore) return this.newFolders.length > 0;
    const folders = new Set([...this.gathering.files].map(({ url }) => folderOf(url)));
    this.newFolders = [...folders].filter((folder) => !this.written.has(folder));
    this.announcedBefore = this.gathering.announced;
    return this.newFolders.length > 0;
  }

  /** Writes the `.loc` files of new folders. */
  async writeFolderFiles(): Promise<void> {
    const { identity } = this;
    if (!identity || !this.hasNewFolders) return;
    const folders = this.newFolders;
    this.newFolders = [];
    for (const folder of folders) this.written.add(folder);
    const summary = withSummary(`.loc of ${folders.length} folders`);
    await this.context.retry.retryUntilUp(() =>
      shortActivities.writeFolderFiles.executeWithOptions(summary, [identity, folders]),
    );
  }
}
