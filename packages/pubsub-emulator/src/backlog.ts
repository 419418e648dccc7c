import type { Message } from './message';

/** Taken messages at the front of the list that may stay there until they are cut off. */
const MAX_TAKEN = 1024;

/** Messages that wait for delivery: first those that were returned, then the others in the order of publishing. */
export class Backlog {
  private readonly returned: Message[] = [];
  private waiting: Message[] = [];
  /** Messages of `waiting` that are already taken. */
  private taken = 0;

  add(messages: readonly Message[]): void {
    for (const message of messages) this.waiting.push(message);
  }

  /** Puts a message back in front of all others. */
  return(message: Message): void {
    this.returned.push(message);
  }

  /** Removes and returns up to `max` messages. */
  take(max: number): readonly Message[] {
    const messages: Message[] = [];
    for (let message = this.next(); message !== undefined; message = this.next()) {
      messages.push(message);
      if (messages.length === max) break;
    }
    return messages;
  }

  private next(): Message | undefined {
    const returned = this.returned.pop();
    if (returned) return returned;
    const message = this.waiting[this.taken];
    if (message) this.taken++;
    if (this.taken > MAX_TAKEN || this.taken === this.waiting.length) {
      this.waiting = this.waiting.slice(this.taken);
      this.taken = 0;
    }
    return message;
  }
}
