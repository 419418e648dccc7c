import type { Rule } from '../rules/types';

/** Active jobs of one project, in the words of the original's `performance.json`. */
export interface ProjectLoad {
  readonly Running?: { readonly LoadJobs?: number };
  readonly Pending?: { readonly LoadJobs?: number };
}

/** Projects by ID; one that is absent is idle, or nothing is known of it. */
export type Performance = Readonly<Record<string, ProjectLoad>>;

/**
 * The project of a process's jobs and temporary tables (spec 2, section 1.6). A balancer wins over Transient.ProjectID.
 *
 * @param random from 0 up to, not including, 1.
 * @example jobProject(rule, 'config-project', undefined, Math.random())
 */
export function jobProject(
  rule: Rule,
  configProject: string,
  performance: Performance | undefined,
  random: number,
): string {
  const { transient } = rule.dest;
  if (!transient?.balancer) return transient?.projectId ?? configProject;
  const { projectIds, strategy, maxLoadJobs } = transient.balancer;
  const [first] = projectIds;
  if (first === undefined || projectIds.length === 1) return first ?? configProject;
  const any = projectIds[Math.floor(random * projectIds.length)] ?? first;
  if (strategy === 'fallback') {
    if (!performance) return first;
    return projectIds.find((id) => !known(performance, id) || activeLoads(performance, id) < maxLoadJobs) ?? any;
  }
  if (!performance || maxLoadJobs === 0 || activeLoads(performance, any) < maxLoadJobs) return any;
  return projectIds.find((id) => activeLoads(performance, id) < maxLoadJobs) ?? any;
}

function known(performance: Performance, projectId: string): boolean {
  return Object.hasOwn(performance, projectId);
}

function activeLoads(performance: Performance, projectId: string): number {
  const load = known(performance, projectId) ? performance[projectId] : undefined;
  return (load?.Running?.LoadJobs ?? 0) + (load?.Pending?.LoadJobs ?? 0);
}
