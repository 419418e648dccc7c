/**
 * Ticks for generations, notifications and names of contents: microseconds since 1970, each larger than any before.
 * They stay exact as doubles until the year 2255.
 */
export class Clock {
  /** @param lastTick the largest tick that an earlier process may have used. */
  constructor(private lastTick: number) {}

  /** The tick that was given out last. */
  get last(): number {
    return this.lastTick;
  }

  next(): number {
    this.lastTick = Math.max(Date.now() * 1000, this.lastTick + 1);
    return this.lastTick;
  }
}
