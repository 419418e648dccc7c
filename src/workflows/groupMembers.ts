import type { CarriedMembers, WindowEnd } from './groupContract';

/**
 * The windows of a group. A window may run again while the group runs, because files came late or because it failed and an
 * operator retried it. Then it is open again, and its last outcome counts. A failed window holds the group until it succeeds.
 * An abandoned window counts as ended.
 */
export class GroupMembers {
  private readonly open: Set<string>;
  private readonly failed: Set<string>;
  private readonly loadedRules: Set<string>;
  private ended: number;
  private loadedFiles: number;

  constructor(carried?: CarriedMembers) {
    this.open = new Set(carried?.open);
    this.failed = new Set(carried?.failed);
    this.loadedRules = new Set(carried?.rules);
    this.ended = carried?.ended ?? 0;
    this.loadedFiles = carried?.files ?? 0;
  }

  joined(windowId: string): void {
    this.failed.delete(windowId);
    this.open.add(windowId);
  }

  /** Records the end of a window. Ignores windows that are not members, and an end that is reported again. */
  left({ windowId, outcome, rules, files }: WindowEnd): void {
    const isMember = this.open.delete(windowId) || this.failed.delete(windowId);
    if (!isMember) return;
    if (outcome === 'failed') this.failed.add(windowId);
    else this.ended += 1;
    for (const rule of rules) this.loadedRules.add(rule);
    this.loadedFiles += files;
  }

  /** Whether all windows have ended, and none has failed. */
  get complete(): boolean {
    return this.open.size === 0 && this.failed.size === 0;
  }

  /** Failed windows, when the group waits only for them. */
  get heldBy(): readonly string[] {
    return this.open.size === 0 ? [...this.failed] : [];
  }

  /** IDs of rules that loaded at least one batch. */
  get rules(): readonly string[] {
    return [...this.loadedRules];
  }

  /** Number of loaded files. */
  get files(): number {
    return this.loadedFiles;
  }

  get counts(): { readonly open: number; readonly failed: number; readonly ended: number } {
    return { open: this.open.size, failed: this.failed.size, ended: this.ended };
  }

  /** State for the next run of the chain. */
  carry(): CarriedMembers {
    const { ended, files, rules } = this;
    return { open: [...this.open], failed: [...this.failed], ended, files, rules };
  }
}
