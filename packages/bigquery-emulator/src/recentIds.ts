/** IDs that are remembered for a while. */
export class RecentIds {
  private readonly until = new Map<string, number>();

  has(id: string): boolean {
    return (this.until.get(id) ?? 0) > Date.now();
  }

  add(id: string, forMs: number): void {
    // The oldest come first: inserting again moves to the end.
    this.until.delete(id);
    this.until.set(id, Date.now() + forMs);
    for (const [old, until] of this.until) {
      if (until > Date.now()) break;
      this.until.delete(old);
    }
  }
}
