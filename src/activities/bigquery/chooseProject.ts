import type { Config } from '../../config/config';
import { jobProject, type Performance } from '../../plan/balancer';
import type { Rule } from '../../rules/types';
import type { ProjectLoads } from './projectLoads';

/** The project of a process, with the active jobs that the balancer's choice was based on. */
export interface ChosenProject {
  readonly projectId: string;
  readonly performance?: Performance;
}

/** Chooses the project of the jobs of a process. Active jobs are listed only when the choice depends on them. */
export async function chooseProject(
  deps: { readonly config: Pick<Config, 'projectId'>; readonly projectLoads?: ProjectLoads },
  rule: Rule,
): Promise<ChosenProject> {
  const { projectId } = deps.config;
  const balancer = rule.dest.transient?.balancer;
  const depends = balancer !== undefined && (balancer.strategy === 'fallback' || balancer.maxLoadJobs > 0);
  const performance =
    depends && balancer.projectIds.length > 1 ? await deps.projectLoads?.of(balancer.projectIds) : undefined;
  const chosen = jobProject(rule, projectId, performance, Math.random());
  if (!performance) return { projectId: chosen };
  await deps.projectLoads?.chosen(chosen);
  return { projectId: chosen, performance };
}
