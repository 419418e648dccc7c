import { processOfBatch } from '../../activities/batch/process';
import type { ChosenProject } from '../../activities/bigquery/chooseProject';
import type { Config } from '../../config/config';
import { jobId } from '../../journal/jobId';
import { batchFilesOf, type SealedBatch } from '../../plan/batch';
import { LOAD_STEP } from '../../plan/steps';
import type { Rule } from '../../rules/types';
import type { FileVersion } from '../../windows/fileVersion';
import type { Window } from '../../windows/window';
import type { FilePlacement } from '../rules/filePlacement';

/** Files that would be loaded together. */
export interface RequestedBatch {
  readonly rule: Rule;
  readonly window?: Window;
  readonly files: readonly FileVersion[];
  readonly batch: SealedBatch;
}

/** What a batch needs besides its files. */
export interface BatchFacts {
  readonly config: Config;
  readonly eventId: string;
  /** Size of a file, bytes. */
  readonly sizeOf: (url: string) => number;
  /** The project of a rule's jobs. */
  readonly projectOf: (rule: Rule) => Promise<ChosenProject>;
}

/** Groups files into batches: one per rule and window, and one per file of rules without windows. */
export async function batchesOf(
  placements: readonly FilePlacement[],
  facts: BatchFacts,
): Promise<readonly RequestedBatch[]> {
  const groups = new Map<string, FilePlacement[]>();
  for (const placement of placements) {
    const key = `${placement.rule.id} ${placement.window?.id ?? placement.file.url}`;
    groups.set(key, [...(groups.get(key) ?? []), placement]);
  }
  const batches: RequestedBatch[] = [];
  for (const members of groups.values()) {
    const [first] = members;
    if (first) batches.push(await batchOf(first, members, facts));
  }
  return batches;
}

async function batchOf(
  first: FilePlacement,
  members: readonly FilePlacement[],
  facts: BatchFacts,
): Promise<RequestedBatch> {
  const { rule, table, window } = first;
  const { config, eventId, sizeOf, projectOf } = facts;
  const files = members.map(({ file }) => ({ ...file, generation: '1', size: sizeOf(file.url) }));
  const owner = { ...first.file, eventId };
  const { projectId, performance } = await projectOf(rule);
  const process = processOfBatch(config, rule, { dest: table, owner, startedMs: owner.updatedMs, projectId });
  return {
    rule,
    window,
    files,
    batch: {
      process,
      ruleId: rule.id,
      maxFiles: config.maxFilesPerLoad,
      performance,
      jobId: jobId({ ...process, step: LOAD_STEP, action: 'load' }),
      files: batchFilesOf('the requested files', files),
    },
  };
}
