/** IDs that expire after a while. */
export class RecentIds {
  private readonly until = new Map<string, number>();

  has(id: string): boolean {
    return (this.until.get(id) ?? 0) > Date.now();
  }

  add(id: string, forMs: number): void {
    // A map keeps the order of insertion: inserting the ID again moves it to the end.
    this.until.delete(id);
    this.until.set(id, Date.now() + forMs);
    for (const [old, until] of this.until) {
      if (until > Date.now()) break;
      this.until.delete(old);
    }
  }
}
