import { processOf } from '../../activities/sealBatch';
import type { Config } from '../../config/config';
import { jobId } from '../../journal/jobId';
import type { SealedBatch } from '../../plan/plan';
import type { Rule } from '../../rules/types';
import type { FileVersion } from '../../windows/fileVersion';
import type { Window } from '../../windows/window';
import type { FileWay } from '../rules/fileWay';

/** Files that would be loaded together. */
export interface AskedBatch {
  readonly rule: Rule;
  readonly window?: Window;
  readonly files: readonly FileVersion[];
  readonly batch: SealedBatch;
}

const LOAD_STEP = 1;
const SAMPLE = 3;

/** Puts files together as their windows would: a batch for each rule in a window, one for each single file. */
export function batchesOf(ways: readonly FileWay[], config: Config, eventId: string): readonly AskedBatch[] {
  const groups = new Map<string, FileWay[]>();
  for (const way of ways) {
    const key = `${way.rule.id} ${way.window?.id ?? way.file.url}`;
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first ? [batchOf(first, members, config, eventId)] : [];
  });
}

function batchOf(first: FileWay, members: readonly FileWay[], config: Config, eventId: string): AskedBatch {
  const { rule, table, window } = first;
  const files = members.map(({ file }) => ({ ...file, generation: '1', size: 0 }));
  const owner = { ...first.file, generation: '1', size: 0, eventId, ruleId: rule.id };
  const process = processOf({ dest: table, owner, startedMs: owner.updatedMs }, rule, { config });
  return {
    rule,
    ...(window ? { window } : {}),
    files,
    batch: {
      process,
      ruleId: rule.id,
      jobId: jobId({ ...process, step: LOAD_STEP, action: 'load' }),
      files: {
        part: 'the files asked for',
        count: files.length,
        bytes: 0,
        sample: files.slice(0, SAMPLE).map(({ url }) => url),
      },
    },
  };
}
