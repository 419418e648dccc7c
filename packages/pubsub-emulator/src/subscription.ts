import type { Message, SubscriptionSettings } from './message';

/** A message on lease; its receipt is for `acknowledge` and `extend`. */
export interface Lease {
  readonly ackId: string;
  readonly message: Message;
}

interface Outstanding extends Lease {
  readonly timer: NodeJS.Timeout;
}

/**
 * The messages of one subscription. Each either waits, in the order of publishing, or is out on lease; one whose lease ends
 * waits again in front.
 */
export class Subscription {
  private readonly waiting: Message[] = [];
  private readonly leased = new Map<string, Outstanding>();
  private readonly listeners = new Set<() => void>();
  private lastLease = 0;
  private closed = false;

  constructor(readonly settings: SubscriptionSettings) {}

  put(message: Message): void {
    this.waiting.push(message);
    this.wake();
  }

  /** Leases up to `max` messages, as many as there are. */
  take(max: number, deadlineMs = this.settings.ackDeadlineSeconds * 1000): readonly Lease[] {
    if (this.closed) return [];
    return this.waiting.splice(0, max).map((message) => this.lease(String(++this.lastLease), message, deadlineMs));
  }

  /** As `take`, but waits for the first message up to so long. */
  async pull(max: number, waitMs: number): Promise<readonly Lease[]> {
    const leases = this.take(max);
    if (leases.length > 0 || waitMs === 0) return leases;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      const stop = this.onReady(end);
    });
    return this.take(max);
  }

  /** The messages are done with; receipts that are out of date count for nothing. */
  acknowledge(ackIds: readonly string[]): void {
    for (const ackId of ackIds) this.release(ackId);
  }

  /** A new deadline from now; 0 gives the messages back at once. */
  extend(ackIds: readonly string[], deadlineMs: number): void {
    for (const ackId of ackIds) {
      const message = this.release(ackId);
      if (message && deadlineMs > 0) this.lease(ackId, message, deadlineMs);
      else if (message) this.giveBack(message);
    }
  }

  /** Calls back whenever messages may wait. @returns what ends that. */
  onReady(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Nothing is handed out any more; whoever waits is told. */
  close(): void {
    this.closed = true;
    for (const { timer } of this.leased.values()) clearTimeout(timer);
    this.wake();
  }

  private lease(ackId: string, message: Message, deadlineMs: number): Lease {
    const timer = setTimeout(() => this.extend([ackId], 0), deadlineMs);
    const outstanding = { ackId, message, timer };
    this.leased.set(ackId, outstanding);
    return outstanding;
  }

  private release(ackId: string): Message | undefined {
    const found = this.leased.get(ackId);
    clearTimeout(found?.timer);
    this.leased.delete(ackId);
    return found?.message;
  }

  private giveBack(message: Message): void {
    this.waiting.unshift(message);
    this.wake();
  }

  private wake(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
