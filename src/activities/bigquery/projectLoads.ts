import type { Performance, ProjectLoad } from '../../plan/balancer';
import type { BigQueryProjects } from './bigQueryProjects';

/** How long an answer serves all plans that are made meanwhile. */
const FRESH_MS = 5000;

/** What is asked for the jobs of a project. */
export type ActiveJobSource = Pick<BigQueryProjects, 'listActiveJobs'>;

interface Reading {
  readonly untilMs: number;
  readonly counts: Promise<ActiveLoads | undefined>;
}

interface ActiveLoads {
  readonly running: number;
  pending: number;
}

/**
 * Active load jobs of the projects that balancers choose from: one look at a project every few seconds, however many plans are
 * made. Between two looks, what was chosen here counts as pending.
 */
export class ProjectLoads {
  private readonly readings = new Map<string, Reading>();

  /** @param onUnknown told of a project whose jobs cannot be listed; it counts as one that nothing is known of. */
  constructor(
    private readonly source: ActiveJobSource,
    private readonly onUnknown: (projectId: string, error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Projects without active load jobs are left out, as in the original's data. Never throws. */
  async of(projectIds: readonly string[]): Promise<Performance> {
    const entries = await Promise.all(
      projectIds.map(async (id): Promise<[string, ProjectLoad][]> => {
        const counts = await this.reading(id).counts;
        if (!counts || counts.running + counts.pending === 0) return [];
        return [[id, { Running: { LoadJobs: counts.running }, Pending: { LoadJobs: counts.pending } }]];
      }),
    );
    return Object.fromEntries(entries.flat());
  }

  /** A load is about to be submitted there. */
  async chosen(projectId: string): Promise<void> {
    const counts = await this.readings.get(projectId)?.counts;
    if (counts) counts.pending += 1;
  }

  private reading(projectId: string): Reading {
    const known = this.readings.get(projectId);
    if (known && this.now() < known.untilMs) return known;
    const reading = { untilMs: this.now() + FRESH_MS, counts: this.count(projectId) };
    this.readings.set(projectId, reading);
    return reading;
  }

  private async count(projectId: string): Promise<ActiveLoads | undefined> {
    try {
      const jobs = await this.source.listActiveJobs(projectId);
      const loads = jobs.filter(({ configuration }) => configuration?.load !== undefined);
      const running = loads.filter(({ status }) => status.state === 'RUNNING').length;
      return { running, pending: loads.length - running };
    } catch (error) {
      this.onUnknown(projectId, error);
      return undefined;
    }
  }
}
