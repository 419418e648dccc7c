/** Sends what was collected for one key. */
export type Send<T, R> = (key: string, items: readonly T[]) => Promise<R>;

interface Entry<T, R> {
  readonly item: T;
  readonly settle: (result: R) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Collects items of one key for a moment and sends them together; each caller learns the outcome of the sending that took
 * its item.
 *
 * Invariant: of each key at most one sending is under way, and what arrives meanwhile goes with the next one; so the busier
 * a key, the more items travel together.
 */
export class MicroBatcher<T, R> {
  private readonly queues = new Map<string, Entry<T, R>[]>();

  /**
   * @param delayMs how long a first item waits for company.
   * @param most items of one sending.
   */
  constructor(
    private readonly send: Send<T, R>,
    private readonly delayMs: number,
    private readonly most: number,
  ) {
    if (!(delayMs >= 0)) throw new RangeError(`delayMs: expected 0 or more milliseconds, got ${delayMs}`);
    if (!(most >= 1)) throw new RangeError(`most: expected 1 or more items, got ${most}`);
  }

  /** Resolves when the item was accepted; rejects when its sending failed. */
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
      const batch = this.queues.get(key)?.splice(0, this.most) ?? [];
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
}
