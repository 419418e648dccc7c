import { firstSlice, MAX_EVENT_BYTES, totalEventBytes } from '../windows/eventSlices';
import type { FileEvent } from '../windows/fileEvent';
import { isNewer, newestGenerations } from '../windows/fileVersion';
import type { SpilledFiles } from '../windows/spilledFiles';
import { BatchReadiness } from './batchReadiness';
import type { BatchLimits, CarriedGathering, CompleteFolder } from './contract';
import { amountOf, placesOf, type Waiting, withTotals } from './waitingFiles';

/**
 * Number of spilled batches of a rule up to which each batch keeps its limit when the run continues as new. The files after them
 * make one batch, so that the input of the next run stays small.
 */
const MAX_SPILLED_BATCHES = 200;

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
      const { owner, files } = waiting;
      const [spilled, ...laterSpilled] = this.splitSpilled(waiting);
      const [batch = [], ...later] =
        laterSpilled.length > 0
          ? [[], [...files.values()]]
          : this.readiness.split(files.values(), amountOf([], spilled));
      const full = laterSpilled.length > 0 || later.length > 0 || this.readiness.isFull(amountOf(batch, spilled));
      if (beforeDue && !full && !this.isComplete(waiting)) return [];
      this.keep(ruleId, later.flat(), laterSpilled.flat());
      return [{ ruleId, owner, files: newestGenerations(batch), spilled }];
    });
  }

  /**
   * Files of one rule that must be spilled; undefined while the next batches of all rules fit into a payload together. The files
   * of later batches wait in memory.
   */
  get overflow(): RuleFiles | undefined {
    let total = 0;
    let largest = { ruleId: '', files: [] as readonly FileEvent[], bytes: 0 };
    for (const [ruleId, waiting] of this.waiting) {
      const next = this.nextOf(waiting);
      const bytes = totalEventBytes(next);
      total += bytes;
      if (bytes > largest.bytes) largest = { ruleId, files: next, bytes };
    }
    // Files of a later batch follow when the spilled batches were taken.
    return total > MAX_EVENT_BYTES ? { ruleId: largest.ruleId, files: firstSlice(largest.files) } : undefined;
  }

  /** Waiting files of one rule, as many as fit into a payload; undefined when all are spilled. */
  get remaining(): RuleFiles | undefined {
    for (const [ruleId, waiting] of this.waiting) {
      const { files, spilled } = waiting;
      if (files.size === 0) continue;
      const cut = this.readiness.possible && spilled.length < MAX_SPILLED_BATCHES;
      const [before = []] = this.splitSpilled(waiting).slice(-1);
      const next = cut ? this.readiness.split(files.values(), amountOf([], before)) : [[...files.values()]];
      return { ruleId, files: firstSlice(next.find((batch) => batch.length > 0) ?? []) };
    }
    return undefined;
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

  private isComplete({ files, spilled }: Waiting): boolean {
    return this.readiness.covers([...spilled.flatMap(({ places = [] }) => places), ...placesOf(files.values())]);
  }

  private keep(ruleId: string, files: readonly FileEvent[], spilled: readonly SpilledFiles[]): void {
    const owner = spilled[0]?.first ?? files[0];
    const map = new Map(files.map((file) => [file.url, file]));
    if (owner) this.waiting.set(ruleId, { owner, files: map, spilled: [...spilled] });
    else this.waiting.delete(ruleId);
  }

  /** The files of the next batch of a rule that are not spilled; none when the spilled ones fill it. */
  private nextOf(waiting: Waiting): readonly FileEvent[] {
    if (!this.readiness.possible) return [...waiting.files.values()];
    const [spilled, ...laterSpilled] = this.splitSpilled(waiting);
    if (laterSpilled.length > 0) return [];
    return this.readiness.split(waiting.files.values(), amountOf([], spilled))[0] ?? [];
  }

  /** The spilled files of a rule, by batch. All batches except the last are full. */
  private splitSpilled({ spilled }: Waiting): [SpilledFiles[], ...SpilledFiles[][]] {
    let batch: SpilledFiles[] = [];
    const batches: [SpilledFiles[], ...SpilledFiles[][]] = [batch];
    for (const part of spilled) {
      if (this.readiness.isFull(amountOf([], batch))) {
        batch = [];
        batches.push(batch);
      }
      batch.push(part);
    }
    return batches;
  }

  private drop({ ruleId, url }: FileEvent): void {
    const ofRule = this.waiting.get(ruleId);
    ofRule?.files.delete(url);
    if (ofRule?.files.size === 0 && ofRule.spilled.length === 0) this.waiting.delete(ruleId);
  }
}
