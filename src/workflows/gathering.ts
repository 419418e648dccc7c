import { isNewer, newestGenerations } from '../windows/fileVersion';
import type { FileEvent } from './contract';

/** Files that one rule waits to load, and the event that came first. */
interface Waiting {
  readonly owner: FileEvent;
  readonly files: Map<string, FileEvent>;
}

/**
 * Files announced to a window and not yet taken into a batch, by rule. A file announced twice counts once.
 *
 * Invariant: a URL waits under one rule at most, and no rule waits without files.
 */
export class Gathering {
  private readonly waiting = new Map<string, Waiting>();
  private readonly seen = new Map<string, FileEvent>();
  private firstEvent: FileEvent | undefined;

  /** Notes files; of two generations of one URL the newer one stays. */
  add(events: readonly FileEvent[]): void {
    for (const event of events) {
      this.firstEvent ??= event;
      const known = this.seen.get(event.url);
      if (known && !isNewer(event, known)) continue;
      if (known && known.ruleId !== event.ruleId) this.drop(known);
      this.seen.set(event.url, event);
      const ofRule = this.waiting.get(event.ruleId) ?? { owner: event, files: new Map() };
      ofRule.files.set(event.url, event);
      this.waiting.set(event.ruleId, ofRule);
    }
  }

  /** Whether files wait that no batch has taken. */
  get pending(): boolean {
    return this.waiting.size > 0;
  }

  /** The event that came first: it owns the window, also when its file was overwritten since. */
  get first(): FileEvent | undefined {
    return this.firstEvent;
  }

  /** Number of distinct files announced so far. */
  get announced(): number {
    return this.seen.size;
  }

  /** Hands over what waits, one batch a rule in the order in which the rules came; the first event owns the batch. */
  take(): { readonly ruleId: string; readonly owner: FileEvent; readonly files: FileEvent[] }[] {
    const batches = [...this.waiting].map(([ruleId, { owner, files }]) => ({
      ruleId,
      owner,
      files: newestGenerations(files.values()),
    }));
    this.waiting.clear();
    return batches;
  }

  /** One page of the files announced, in order of arrival. */
  page(number: number, size: number): FileEvent[] {
    return [...this.seen.values()].slice(number * size, (number + 1) * size);
  }

  private drop({ ruleId, url }: FileEvent): void {
    const ofRule = this.waiting.get(ruleId);
    ofRule?.files.delete(url);
    if (ofRule?.files.size === 0) this.waiting.delete(ruleId);
  }
}
