/** Counts of API calls per set of buckets that a call touches, so that the calls of any buckets can be counted. */
export class CallCounts {
  /** By buckets, which are sorted and joined by spaces, then by operation. */
  private counts = new Map<string, Map<string, number>>();

  add(operation: string, buckets: Iterable<string>): void {
    const key = [...new Set(buckets)].sort().join(' ');
    const counts = this.counts.get(key) ?? new Map<string, number>();
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    this.counts.set(key, counts);
  }

  reset(): void {
    this.counts = new Map();
  }

  /**
   * Calls by operation, and their total. Calls inside a batch are listed but not in the total, because a batch is one call.
   *
   * @param buckets counts only calls that touch one of these buckets; undefined counts all calls.
   */
  summary(buckets?: readonly string[]): { calls: Record<string, number>; total: number } {
    const calls: Record<string, number> = {};
    let total = 0;
    for (const [key, counts] of this.counts) {
      const touched = key.split(' ');
      if (buckets !== undefined && !buckets.some((bucket) => touched.includes(bucket))) continue;
      for (const [operation, count] of counts) {
        calls[operation] = (calls[operation] ?? 0) + count;
        if (!operation.startsWith('batch.')) total += count;
      }
    }
    return { calls, total };
  }
}
