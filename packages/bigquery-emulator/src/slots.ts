/** Runs at most `size` pieces of work at once; the others wait in the order of their calls. */
export class Slots {
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly size: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.busy++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Hand the slot to the next in line, so that a later call cannot take it.
      if (next) next();
      else this.busy--;
    }
  }
}

/** One queue per key: work of one key runs one after the other, in the order of the calls. */
export class Queues {
  private readonly tails = new Map<string, Promise<unknown>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.tails.get(key) ?? Promise.resolve()).then(work);
    const settled = result.catch(() => undefined);
    this.tails.set(key, settled);
    settled.then(() => {
      if (this.tails.get(key) === settled) this.tails.delete(key);
    });
    return result;
  }
}
