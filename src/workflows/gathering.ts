import type { FileEvent } from '../windows/fileEvent';
import { isNewer, newestGenerations } from '../windows/fileVersion';
import type { SpilledFiles } from '../windows/spilledFiles';
import { BatchReadiness } from './batchReadiness';
import type { BatchLimits, CarriedGathering, CompleteFolder } from './contract';
import { amountOf, placesOf, type Waiting, withTotals } from './waitingFiles';

/** Maximum number of files in one payload. More files are spilled first. */
export const MAX_FILES_PER_PAYLOAD = 2000;

/** The files of one batch, before it is sealed. */
export interface Gathered {
  readonly ruleId: string;
  readonly owner: FileEvent;
  readonly files: readonly FileEvent[];
  readonly spilled: readonly SpilledFiles[];
  /** URLs of the ledger entries of earlier runs that were resumed before this batch. */
  readonly resumedEntries?: readonly string[];
}

/** Files of one rule. */
export interface RuleFiles {
  readonly ruleId: string;
  readonly files: readonly FileEvent[];
}

/**
 * Files that were announced to a window and wait for a batch, by rule. A file announced twice counts once.
 *
 * Invariant: a URL waits for one rule at most, and every rule in the map has waiting files.
 */
export class Gathering {
  private readonly waiting = new Map<string, Waiting>();
  private readonly seen = new Map<string, FileEvent>();
  private readonly readiness: BatchReadiness;
  private firstEvent: FileEvent | undefined;
  private announcedBefore = 0;

  /** @param carried files of an earlier run of the same chain. */
  constructor(carried?: CarriedGathering, limits?: BatchLimits) {
    this.readiness = new BatchReadiness(limits, carried?.complete);
    if (!carried) return;
    this.firstEvent = carried.first;
    this.announcedBefore = carried.announced;
    for (const { ruleId, owner, spilled } of carried.rules) {
      this.waiting.set(ruleId, { owner, files: new Map(), spilled: [...spilled] });
    }
  }

  /** Adds announced files. Of two generations of one URL, the newer one stays. */
  add(events: readonly FileEvent[]): void {
    for (const event of events) {
      this.firstEvent ??= event;
      const earlier = this.seen.get(event.url);
      if (earlier && !isNewer(event, earlier)) continue;
      if (earlier && earlier.ruleId !== event.ruleId) this.drop(earlier);
      this.seen.set(event.url, event);
      const ofRule = this.waiting.get(event.ruleId) ?? { owner: event, files: new Map(), spilled: [] };
      ofRule.files.set(event.url, event);
      this.waiting.set(event.ruleId, ofRule);
    }
  }

  /** Records that a folder has all its files. */
  addComplete(folder: CompleteFolder): void {
    this.readiness.addComplete(folder);
  }

  /** Whether files wait for a batch. */
  get pending(): boolean {
    return this.waiting.size > 0;
  }

  /** Whether a batch is full or complete, so that it need not wait for due. */
  get batchReady(): boolean {
    if (!this.readiness.possible) return false;
    return [...this.waiting.values()].some(
      (waiting) => this.readiness.isFull(amountOf(waiting.files.values(), waiting.spilled)) || this.isComplete(waiting),
    );
  }

  /** The event that came first. It owns the window, even when its file was overwritten since. */
  get first(): FileEvent | undefined {
    return this.firstEvent;
  }

  /** Number of distinct files that were announced so far. */
  get announced(): number {
    return this.announcedBefore + this.seen.size;
  }

  /** Announced files, the newest generation of each, in order of arrival. */
  get files(): Iterable<FileEvent> {
    return this.seen.values();
  }

  /**
   * Takes at most one batch per rule, in the order in which the rules came. The other files wait, because the batches of a rule
   * are written to the ledger one at a time. The first event of a batch owns it.
   *
   * @param beforeDue take only batches that are full or complete.
   */
  take(beforeDue = false): Gathered[] {
    return [...this.waiting].flatMap(([ruleId, waiting]) => {
      const { owner, files, spilled } = waiting;
      const [batch = [], ...later] = this.readiness.split(files.values(), amountOf([], spilled));
      const full = later.length > 0 || this.readiness.isFull(amountOf(batch, spilled));
      if (beforeDue && !full && !this.isComplete(waiting)) return [];
      this.keep(ruleId, later.flat());
      return [{ ruleId, owner, files: newestGenerations(batch), spilled }];
    });
  }

  /** Files of one rule that must be spilled; undefined while the waiting files fit into a payload. */
  get overflow(): RuleFiles | undefined {
    return this.readiness.limitsFilesTo(MAX_FILES_PER_PAYLOAD) ? undefined : this.filesOver(MAX_FILES_PER_PAYLOAD);
  }

  /** Waiting files of one rule, as many as fit into a payload; undefined when all are spilled. */
  get remaining(): RuleFiles | undefined {
    return this.filesOver(0);
  }

  /** Replaces spilled files by their reference. Files that were overwritten in the meantime still wait. */
  replaceSpilled({ ruleId, files }: RuleFiles, spilled: SpilledFiles): void {
    const waiting = this.waiting.get(ruleId);
    if (!waiting) return;
    waiting.spilled.push(this.readiness.possible ? withTotals(spilled, files) : spilled);
    for (const file of files) if (waiting.files.get(file.url) === file) waiting.files.delete(file.url);
  }

  /** State for the next run of the chain. All waiting files must be spilled before. */
  carry(): CarriedGathering | undefined {
    const first = this.firstEvent;
    if (!first) return undefined;
    const rules = [...this.waiting].map(([ruleId, { owner, spilled }]) => ({ ruleId, owner, spilled }));
    return { first, announced: this.announced, rules, complete: this.readiness.carry() };
  }

  /** One page of the announced files, in order of arrival. */
  page(number: number, size: number): FileEvent[] {
    return [...this.seen.values()].slice(number * size, (number + 1) * size);
  }

  private filesOver(count: number): RuleFiles | undefined {
    for (const [ruleId, { files }] of this.waiting) {
      if (files.size > count) return { ruleId, files: [...files.values()].slice(0, MAX_FILES_PER_PAYLOAD) };
    }
    return undefined;
  }

  private isComplete({ files, spilled }: Waiting): boolean {
    return this.readiness.covers([...spilled.flatMap(({ places = [] }) => places), ...placesOf(files.values())]);
  }

  private keep(ruleId: string, files: readonly FileEvent[]): void {
    const [owner] = files;
    if (owner) this.waiting.set(ruleId, { owner, files: new Map(files.map((file) => [file.url, file])), spilled: [] });
    else this.waiting.delete(ruleId);
  }

  private drop({ ruleId, url }: FileEvent): void {
    const ofRule = this.waiting.get(ruleId);
    ofRule?.files.delete(url);
    if (ofRule?.files.size === 0 && ofRule.spilled.length === 0) this.waiting.delete(ruleId);
  }
}
