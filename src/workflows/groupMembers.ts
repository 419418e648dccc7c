import type { CarriedMembers, WindowEnd } from './groupContract';

/**
 * The windows of a group. A window that runs again while the group does, because files came late or because it failed and was
 * mended, is open once more; its last outcome counts. One that failed holds the group until it has run well; one that was
 * abandoned is left out, as the operator wished.
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

  /** Notes an end once: of a window that is not a member, or whose end is known, there is nothing to note. */
  left({ windowId, outcome, rules, files }: WindowEnd): void {
    const known = this.open.delete(windowId) || this.failed.delete(windowId);
    if (!known) return;
    if (outcome === 'failed') this.failed.add(windowId);
    else this.ended += 1;
    for (const rule of rules) this.loadedRules.add(rule);
    this.loadedFiles += files;
  }

  /** Whether all have ended, and none is to be mended. */
  get complete(): boolean {
    return this.open.size === 0 && this.failed.size === 0;
  }

  /** Windows that failed, when the group waits for nothing but them. */
  get heldBy(): readonly string[] {
    return this.open.size === 0 ? [...this.failed] : [];
  }

  /** IDs of the rules of which files were loaded. */
  get rules(): readonly string[] {
    return [...this.loadedRules];
  }

  get files(): number {
    return this.loadedFiles;
  }

  get counts(): { readonly open: number; readonly failed: number; readonly ended: number } {
    return { open: this.open.size, failed: this.failed.size, ended: this.ended };
  }

  carry(): CarriedMembers {
    const { ended, files, rules } = this;
    return { open: [...this.open], failed: [...this.failed], ended, files, rules };
  }
}
