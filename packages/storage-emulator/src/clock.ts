/**
 * Ticks for generations, message IDs and names of contents: microseconds since 1970, each larger than any before.
 * They stay exact as doubles until the year 2255.
 */
export class Clock {
  #last: number;

  /** @param last the largest tick that an earlier process may have used. */
  constructor(last: number) {
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  next(): number {
    this.#last = Math.max(Date.now() * 1000, this.#last + 1);
    return this.#last;
  }
}
