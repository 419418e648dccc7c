import { Backlog } from './backlog';
import type { Message } from './message';
import type { SubscriptionSettings } from './subscriptionSettings';

/** Deadline of a lease that does not expire. */
export const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** A message on lease. Its ID is the argument of `acknowledge` and `extend`. */
export interface Lease {
  readonly ackId: string;
  readonly message: Message;
}

interface Outstanding extends Lease {
  readonly timer: NodeJS.Timeout | undefined;
}

/** How a subscription is connected to what persists it. */
export interface SubscriptionContext {
  /** Makes lease IDs differ from those of earlier processes, whose leases may still be acknowledged by clients. */
  readonly leasePrefix: string;
  /** Persists that a message needs no more delivery. */
  readonly acknowledged: (message: Message) => Promise<unknown>;
}

/**
 * The messages of one subscription. Each of them either waits in the backlog or is out on lease. A message whose lease
 * ends without an acknowledgement returns to the front of the backlog.
 */
export class Subscription {
  private readonly backlog = new Backlog();
  private readonly leased = new Map<string, Outstanding>();
  private readonly listeners = new Set<() => void>();
  private lastLease = 0;
  private closed = false;

  constructor(
    /** Replaced when the push configuration changes. */
    public settings: SubscriptionSettings,
    private readonly context: SubscriptionContext,
  ) {}

  add(messages: readonly Message[]): void {
    this.backlog.add(messages);
    this.wake();
  }

  /** Leases up to `max` messages of the backlog. */
  take(max: number, deadlineMs = this.settings.ackDeadlineSeconds * 1000): readonly Lease[] {
    if (this.closed) return [];
    return this.backlog.take(max).map((message) => this.lease(this.nextAckId(), message, deadlineMs));
  }

  /** Like `take`, but waits up to `waitMs` for the first message. */
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

  /** Ends the delivery of messages. IDs of leases that have ended are ignored. */
  async acknowledge(ackIds: readonly string[]): Promise<void> {
    if (this.closed) return;
    const messages = ackIds.flatMap((ackId) => this.release(ackId) ?? []);
    await Promise.all(messages.map(this.context.acknowledged));
  }

  /** Sets a new deadline, counted from now. With 0 the messages return to the backlog at once. */
  extend(ackIds: readonly string[], deadlineMs: number): void {
    for (const ackId of ackIds) {
      const message = this.release(ackId);
      if (message && deadlineMs > 0) this.lease(ackId, message, deadlineMs);
      else if (message) this.return(message);
    }
  }

  /** Calls the listener whenever messages may wait. @returns a function that removes the listener. */
  onReady(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Stops all deliveries and wakes the pull calls that wait. */
  close(): void {
    this.closed = true;
    for (const { timer } of this.leased.values()) clearTimeout(timer);
    this.wake();
  }

  private nextAckId(): string {
    return `${this.context.leasePrefix}${++this.lastLease}`;
  }

  private lease(ackId: string, message: Message, deadlineMs: number): Lease {
    const timer = deadlineMs === NO_DEADLINE ? undefined : setTimeout(() => this.extend([ackId], 0), deadlineMs);
    const outstanding = { ackId, message, timer };
    this.leased.set(ackId, outstanding);
    return outstanding;
  }

  private release(ackId: string): Message | undefined {
    const outstanding = this.leased.get(ackId);
    clearTimeout(outstanding?.timer);
    this.leased.delete(ackId);
    return outstanding?.message;
  }

  private return(message: Message): void {
    this.backlog.return(message);
    this.wake();
  }

  private wake(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
