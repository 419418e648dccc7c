/** The calls of one API method for one project and dataset. */
interface Counted {
  readonly method: string;
  readonly project: string;
  readonly dataset: string;
  calls: number;
}

/** Counts the calls of the API by method, so that tests and benchmarks can assert on them. */
export class CallCounts {
  private readonly counts = new Map<string, Counted>();

  /** Counts one call; `project` and `dataset` are empty when the call names none. */
  add(method: string, project: string, dataset: string): void {
    const key = `${method} ${project} ${dataset}`;
    const counted = this.counts.get(key);
    if (counted) counted.calls++;
    else this.counts.set(key, { method, project, dataset, calls: 1 });
  }

  reset(): void {
    this.counts.clear();
  }

  /** Calls by method; with `project` or `dataset`, only those that name it. */
  summary(project?: string, dataset?: string): { calls: Record<string, number>; total: number } {
    const calls: Record<string, number> = {};
    let total = 0;
    for (const counted of this.counts.values()) {
      if (project !== undefined && counted.project !== project) continue;
      if (dataset !== undefined && counted.dataset !== dataset) continue;
      calls[counted.method] = (calls[counted.method] ?? 0) + counted.calls;
      total += counted.calls;
    }
    return { calls, total };
  }
}
