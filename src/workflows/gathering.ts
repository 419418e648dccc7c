import type { FileEvent } from '../windows/fileEvent';
import { isNewer, newestGenerations } from '../windows/fileVersion';
import type { SpilledFiles } from '../windows/spilledFiles';
import { BatchReadiness } from './batchReadiness';
import type { BatchLimits, CarriedGathering, CompleteFolder } from './contract';
import { amountOf, placesOf, stashOf, type Waiting } from './waitingFiles';

/** Most files that travel in one payload; more are put aside into the journal first. */
export const FILES_A_PAYLOAD = 2000;

/** One batch to be made: files, and references to those put aside. */
export interface Gathered {
  readonly ruleId: string;
  readonly owner: FileEvent;
  readonly files: readonly FileEvent[];
  readonly spilled: readonly SpilledFiles[];
  /** Ledger parts of earlier runs that were taken up before this batch. */
  readonly resumedParts?: readonly string[];
}

/**
 * Files announced to a window and not yet taken into a batch, by rule. A file announced twice counts once.
 *
 * Invariant: a URL waits under one rule at most, and no rule waits without files.
 */
export class Gathering {
  private readonly waiting = new Map<string, Waiting>();
  private readonly seen = new Map<string, FileEvent>();
  private readonly early: BatchReadiness;
  private firstEvent: FileEvent | undefined;
  private announcedBefore = 0;

  /** @param carried what an earlier run of the same execution chain handed on. */
  constructor(carried?: CarriedGathering, limits?: BatchLimits) {
    this.early = new BatchReadiness(limits, carried?.complete);
    if (!carried) return;
    this.firstEvent = carried.first;
    this.announcedBefore = carried.announced;
    for (const { ruleId, owner, spilled } of carried.rules) {
      this.waiting.set(ruleId, { owner, files: new Map(), spilled: [...spilled] });
    }
  }

  /** Notes files; of two generations of one URL the newer one stays. */
  add(events: readonly FileEvent[]): void {
    for (const event of events) {
      this.firstEvent ??= event;
      const known = this.seen.get(event.url);
      if (known && !isNewer(event, known)) continue;
      if (known && known.ruleId !== event.ruleId) this.drop(known);
      this.seen.set(event.url, event);
      const ofRule = this.waiting.get(event.ruleId) ?? { owner: event, files: new Map(), spilled: [] };
      ofRule.files.set(event.url, event);
      this.waiting.set(event.ruleId, ofRule);
    }
  }

  /** Notes that a folder holds all its files. */
  complete(folder: CompleteFolder): void {
    this.early.note(folder);
  }

  /** Whether files wait that no batch has taken. */
  get pending(): boolean {
    return this.waiting.size > 0;
  }

  /** Whether a batch is full or complete, and so need not wait for due. */
  get closes(): boolean {
    if (!this.early.possible) return false;
    return [...this.waiting.values()].some(
      (waiting) => this.early.isFull(amountOf(waiting.files.values(), waiting.spilled)) || this.isComplete(waiting),
    );
  }

  /** The event that came first: it owns the window, also when its file was overwritten since. */
  get first(): FileEvent | undefined {
    return this.firstEvent;
  }

  /** Number of distinct files announced so far. */
  get announced(): number {
    return this.announcedBefore + this.seen.size;
  }

  /** Files announced, the newest generation of each, in order of arrival. */
  get files(): Iterable<FileEvent> {
    return this.seen.values();
  }

  /**
   * Hands over what waits, one batch a rule in the order in which the rules came: as much as its limits allow, the rest goes on
   * waiting, since the ledger takes the batches of a rule one after the other. The first event owns the batch.
   *
   * @param early only batches that are full or complete.
   */
  take(early = false): Gathered[] {
    return [...this.waiting].flatMap(([ruleId, waiting]) => {
      const { owner, files, spilled } = waiting;
      const all = this.early.split(files.values(), amountOf([], spilled));
      const last = all.at(-1) ?? [];
      const lastAmount = amountOf(last, all.length === 1 ? spilled : []);
      const lastToo = !early || this.isComplete(waiting) || this.early.isFull(lastAmount);
      const taken = all.slice(0, lastToo || all.length > 1 ? 1 : 0);
      if (taken.length > 0) this.keep(ruleId, all.slice(taken.length).flat());
      return taken.map((batch, at) => ({
        ruleId,
        owner: at === 0 ? owner : (batch[0] ?? owner),
        files: newestGenerations(batch),
        spilled: at === 0 ? spilled : [],
      }));
    });
  }

  /** Files to be put aside now, of one rule; undefined while what waits fits into a payload. */
  get crowd(): { readonly ruleId: string; readonly files: readonly FileEvent[] } | undefined {
    if (this.early.keepsBelow(FILES_A_PAYLOAD)) return undefined;
    for (const [ruleId, { files }] of this.waiting) {
      if (files.size > FILES_A_PAYLOAD) return { ruleId, files: [...files.values()].slice(0, FILES_A_PAYLOAD) };
    }
    return undefined;
  }

  /** Files were put aside; those that were overwritten meanwhile go on waiting. */
  stashed(ruleId: string, files: readonly FileEvent[], stash: SpilledFiles): void {
    const waiting = this.waiting.get(ruleId);
    if (!waiting) return;
    waiting.spilled.push(this.early.possible ? stashOf(stash, files) : stash);
    for (const file of files) if (waiting.files.get(file.url) === file) waiting.files.delete(file.url);
  }

  /** What the next run needs, once all that waits was put aside. */
  carry(): CarriedGathering | undefined {
    const first = this.firstEvent;
    if (!first) return undefined;
    const rules = [...this.waiting].map(([ruleId, { owner, spilled }]) => ({ ruleId, owner, spilled }));
    return { first, announced: this.announced, rules, complete: this.early.carry() };
  }

  /** Files that wait, of one rule and as many as a payload takes; undefined when none do. */
  get rest(): { readonly ruleId: string; readonly files: readonly FileEvent[] } | undefined {
    for (const [ruleId, { files }] of this.waiting) {
      if (files.size > 0) return { ruleId, files: [...files.values()].slice(0, FILES_A_PAYLOAD) };
    }
    return undefined;
  }

  /** One page of the files announced, in order of arrival. */
  page(number: number, size: number): FileEvent[] {
    return [...this.seen.values()].slice(number * size, (number + 1) * size);
  }

  private isComplete({ files, spilled }: Waiting): boolean {
    return this.early.covers([...spilled.flatMap(({ places = [] }) => places), ...placesOf(files.values())]);
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
