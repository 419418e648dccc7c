import type { Rule } from '../rules/types';

/** Active jobs of one project, with the field names of `performance.json` in viant/bqtail. */
export interface ProjectLoad {
  readonly Running?: { readonly LoadJobs?: number };
  readonly Pending?: { readonly LoadJobs?: number };
}

/** Active jobs by project ID. A project that is absent is idle, or its jobs could not be listed. */
export type Performance = Readonly<Record<string, ProjectLoad>>;

/**
 * The project of a process's jobs and temporary tables. `Transient.Balancer` takes precedence over `Transient.ProjectID`.
 *
 * @param performance active jobs of the projects; undefined if unknown.
 * @param random a number in [0, 1).
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
    return projectIds.find((id) => !isListed(performance, id) || activeLoads(performance, id) < maxLoadJobs) ?? any;
  }
  if (!performance || maxLoadJobs === 0 || activeLoads(performance, any) < maxLoadJobs) return any;
  return projectIds.find((id) => activeLoads(performance, id) < maxLoadJobs) ?? any;
}

function isListed(performance: Performance, projectId: string): boolean {
  return Object.hasOwn(performance, projectId);
}

function activeLoads(performance: Performance, projectId: string): number {
  const load = isListed(performance, projectId) ? performance[projectId] : undefined;
  return (load?.Running?.LoadJobs ?? 0) + (load?.Pending?.LoadJobs ?? 0);
}
