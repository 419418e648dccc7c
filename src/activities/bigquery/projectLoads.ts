import type { Performance, ProjectLoad } from '../../plan/balancer';
import type { BigQueryProjects } from './bigQueryProjects';

/** Time for which the counts of a project are used without asking again. */
const FRESH_MS = 5000;

/** The call that lists the active jobs of a project. */
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
 * Counts the active load jobs of the projects that balancers choose from. Lists the jobs of a project at most once in five seconds.
 * Between two listings, each load that was assigned to a project counts as pending.
 */
export class ProjectLoads {
  private readonly readings = new Map<string, Reading>();

  /** @param onUnknown called when the jobs of a project cannot be listed; the project counts as idle */
  constructor(
    private readonly source: ActiveJobSource,
    private readonly onUnknown: (projectId: string, error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Active load jobs by project. Projects without any are left out. Never throws. */
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

  /** Counts a load that is about to be submitted to a project. */
  async chosen(projectId: string): Promise<void> {
    const counts = await this.readings.get(projectId)?.counts;
    if (counts) counts.pending += 1;
  }

  private reading(projectId: string): Reading {
    const last = this.readings.get(projectId);
    if (last && this.now() < last.untilMs) return last;
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
