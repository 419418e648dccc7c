import type { JsonObject } from '../json';
import type { BatchFiles } from './batch';
import type { PlanningFacts } from './facts';
import { labelsOf } from './labels';
import { type Layout, loadTarget } from './layout';
import { loadConfiguration } from './loadConfiguration';
import { partJobId } from './replayed/jobIds';
import type { LoadStep } from './steps';
import { directDisposition, temporaryDisposition } from './writeDisposition';

/** Limits of one load job. */
const MAX_URIS = 10_000;
const MAX_BYTES = 15e12;

const LOAD_STEP = 1;
const SAMPLE = 3;

/**
 * The load jobs of a batch in rounds (spec 2, section 1.9). Parts of a batch go side by side into a temporary table that is
 * there beforehand, and into a destination to which they append anyway. Otherwise the first part makes or empties the table,
 * and the others append after it.
 */
export function loadRounds(
  facts: PlanningFacts,
  layout: Layout,
  location: string | undefined,
): readonly (readonly LoadStep[])[] {
  const { batch, rule } = facts;
  const parts = partsOf(facts);
  const configuration = loadConfiguration(facts, layout);
  const prepared = layout.temporary?.loaded.resource !== undefined;
  const alone = layout.temporary ? temporaryDisposition(rule.dest) : directDisposition(rule.dest);
  const first = prepared && parts.length > 1 ? 'WRITE_APPEND' : alone;
  const steps = parts.map((files, at): LoadStep => {
    const load = { ...configuration, ...(at === 0 ? { writeDisposition: first } : appending(facts, layout)) };
    return {
      step: LOAD_STEP,
      action: 'load',
      job: {
        jobId: partJobId(batch.jobId, at),
        projectId: batch.process.projectId,
        ...(location === undefined ? {} : { location }),
        configuration: { labels: labelsOf(facts), load },
      },
      files,
      ...(layout.temporary ? { fills: loadTarget(layout) } : {}),
    };
  });
  return first === 'WRITE_APPEND' || steps.length === 1 ? [steps] : [steps.slice(0, 1), steps.slice(1)];
}

function appending({ rule }: PlanningFacts, layout: Layout): JsonObject {
  const appended = { writeDisposition: 'WRITE_APPEND' };
  if (!layout.autodetect) return appended;
  // Other files may show columns that those of the first part did not.
  const given = rule.dest.load.schemaUpdateOptions ?? [];
  return {
    ...appended,
    schemaUpdateOptions: [...new Set([...given, 'ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'])],
  };
}

function partsOf({ files, batch }: PlanningFacts): readonly BatchFiles[] {
  const maxFiles = Math.min(batch.maxFiles ?? MAX_URIS, MAX_URIS);
  const parts: BatchFiles[] = [];
  for (let from = 0; from < files.length; ) {
    let bytes = 0;
    let end = from;
    for (const { size } of files.slice(from, from + maxFiles)) {
      if (end > from && bytes + size > MAX_BYTES) break;
      bytes += size;
      end += 1;
    }
    const sample = files.slice(from, Math.min(end, from + SAMPLE)).map(({ url }) => url);
    parts.push({ part: batch.files.part, from, count: end - from, bytes, sample });
    from = end;
  }
  return parts.length > 1 ? parts : [batch.files];
}
