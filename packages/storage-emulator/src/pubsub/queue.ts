import { type Database, endOf, keyOf, tickKey } from '../store/database';
import type { MessageRecord } from '../store/records';

const READ_AHEAD = 256;

/**
 * The messages of one subscription that wait for an acknowledgement.
 *
 * They lie in the table; here is only where each stands. Invariant: every stored message up to `#cursor` is either handed
 * out, waiting for its timer, or among `#ready`; those after it were never handed out by this process. A new process
 * starts before the first message, so nothing that is not acknowledged is ever lost.
 */
export class SubscriptionQueue {
  readonly #attempts = new Map<number, number>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  #ready: number[] = [];
  #ahead: MessageRecord[] = [];
  #cursor = 0;
  #closed = false;

  constructor(
    private readonly db: Database,
    readonly subscription: string,
    /** Called when a message that was given back is ready again. */
    private readonly onReady: () => void,
  ) {}

  /** Hands out a message: one that was given back and is due again, else the next new one. */
  take(): MessageRecord | undefined {
    if (this.#closed) return undefined;
    for (let id = this.#ready.shift(); id !== undefined; id = this.#ready.shift()) {
      const message = this.db.messages.get(this.#key(id));
      if (message !== undefined) return message;
    }
    if (this.#ahead.length === 0) this.#readAhead();
    return this.#ahead.shift();
  }

  /** The message is done with. */
  acknowledge(id: number): void {
    this.#clear(id);
    this.#attempts.delete(id);
    if (!this.#closed) void this.db.messages.remove(this.#key(id));
  }

  /** The message comes again after the delay; a later call replaces the delay. */
  giveBack(id: number, delayMs: number): void {
    this.#clear(id);
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      this.#ready.push(id);
      this.onReady();
    }, delayMs);
    this.#timers.set(id, timer);
  }

  /** How often a message's delivery has failed by now; counts one more. */
  failed(id: number): number {
    const attempts = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempts);
    return attempts;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #clear(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #readAhead(): void {
    const start = this.#key(this.#cursor + 1);
    const end = endOf(keyOf(this.subscription, ''));
    for (const { value } of this.db.messages.getRange({ start, end, limit: READ_AHEAD })) {
      this.#ahead.push(value);
      this.#cursor = value.id;
    }
  }

  #key(id: number): Buffer {
    return keyOf(this.subscription, tickKey(id));
  }
}
