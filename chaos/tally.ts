/** Counts faults by kind. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(kind: string, number = 1): void {
    if (number > 0) this.counts.set(kind, (this.counts.get(kind) ?? 0) + number);
  }

  /** Counts with their kinds in alphabetical order. */
  toJSON(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([one], [other]) => one.localeCompare(other)));
  }
}
