/** Sends the collected items of one key. */
export type SendItems<T, R> = (key: string, items: readonly T[]) => Promise<R>;

/** Limit of the size of one request. */
export interface SizeLimit<T> {
  readonly max: number;
  readonly of: (item: T) => number;
}

interface Entry<T, R> {
  readonly item: T;
  readonly settle: (result: R) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Collects the items of a key for a short time and sends them together. Each caller gets the result of the request that
 * contained its item.
 *
 * Invariant: each key has at most one request in flight. Items that arrive meanwhile are sent in the next request, so the busier
 * a key is, the more items its requests contain.
 */
export class MicroBatcher<T, R> {
  private readonly queues = new Map<string, Entry<T, R>[]>();

  /**
   * @param delayMs how long the first item waits for others, milliseconds.
   * @param maxItems maximum number of items per request.
   * @param size maximum size of the items of a request, and the size of an item. A larger item is sent alone.
   */
  constructor(
    private readonly send: SendItems<T, R>,
    private readonly delayMs: number,
    private readonly maxItems: number,
    private readonly size: SizeLimit<T> = { max: Number.POSITIVE_INFINITY, of: () => 0 },
  ) {
    if (!(delayMs >= 0)) throw new RangeError(`delayMs: expected 0 or more milliseconds, got ${delayMs}`);
    if (!(maxItems >= 1)) throw new RangeError(`maxItems: expected 1 or more items, got ${maxItems}`);
  }

  /** Resolves with the result of the request that contained the item; rejects when that failed. */
  add(key: string, item: T): Promise<R> {
    return new Promise((settle, fail) => {
      const entry = { item, settle, fail };
      const queue = this.queues.get(key);
      if (queue) {
        queue.push(entry);
        return;
      }
      this.queues.set(key, [entry]);
      void this.drain(key);
    });
  }

  private async drain(key: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    for (;;) {
      const batch = this.nextBatch(this.queues.get(key) ?? []);
      if (batch.length === 0) break;
      try {
        const result = await this.send(
          key,
          batch.map((entry) => entry.item),
        );
        for (const entry of batch) entry.settle(result);
      } catch (error) {
        for (const entry of batch) entry.fail(error);
      }
    }
    this.queues.delete(key);
  }

  /** Removes the items of the next request from a queue. */
  private nextBatch(queue: Entry<T, R>[]): Entry<T, R>[] {
    let count = 0;
    let size = 0;
    for (const { item } of queue) {
      size += this.size.of(item);
      if (count === this.maxItems || (count > 0 && size > this.size.max)) break;
      count++;
    }
    return queue.splice(0, count);
  }
}
