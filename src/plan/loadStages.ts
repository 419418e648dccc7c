import type { JsonObject } from '../json';
import { type BatchFiles, sampleOf } from './batch';
import type { PlanningFacts } from './facts';
import { labelsOf } from './labels';
import { type Layout, loadTarget } from './layout';
import { loadConfiguration } from './loadConfiguration';
import { partJobId } from './replayed/jobIds';
import { LOAD_STEP, type LoadStep } from './steps';
import { directDisposition, temporaryDisposition } from './writeDisposition';

/** BigQuery's limits of one load job: number of URIs, and bytes. */
const MAX_URIS = 10_000;
const MAX_BYTES = 15e12;

/**
 * The load jobs of a batch in stages: the stages run one after the other, the jobs of a stage side by side. A batch that
 * exceeds the limits of one job is cut into parts (docs/compatibility.md#large-batches). All parts are one stage if they
 * append, or if the temporary table exists before the load. Otherwise the first part creates or truncates the table alone,
 * and the others append.
 */
export function loadStages(
  facts: PlanningFacts,
  layout: Layout,
  location: string | undefined,
): readonly (readonly LoadStep[])[] {
  const { batch, rule } = facts;
  const parts = partsOf(facts);
  const configuration = loadConfiguration(facts, layout);
  const tableExists = layout.temporary?.loaded.resource !== undefined;
  const disposition = layout.temporary ? temporaryDisposition(rule.dest) : directDisposition(rule.dest);
  const first = tableExists && parts.length > 1 ? 'WRITE_APPEND' : disposition;
  const steps = parts.map((files, at): LoadStep => {
    const load = { ...configuration, ...(at === 0 ? { writeDisposition: first } : appending(facts, layout)) };
    return {
      step: LOAD_STEP,
      action: 'load',
      job: {
        jobId: partJobId(batch.jobId, at),
        projectId: batch.process.projectId,
        location,
        configuration: { labels: labelsOf(facts), load },
      },
      files,
      fills: layout.temporary ? loadTarget(layout) : undefined,
    };
  });
  return first === 'WRITE_APPEND' || steps.length === 1 ? [steps] : [steps.slice(0, 1), steps.slice(1)];
}

/** Write disposition, and schema update options, of the parts after the first. */
function appending({ rule }: PlanningFacts, layout: Layout): JsonObject {
  const append = { writeDisposition: 'WRITE_APPEND' };
  if (!layout.autodetect) return append;
  // The files of this part may have columns that BigQuery has not detected in the first part.
  const options = rule.dest.load.schemaUpdateOptions ?? [];
  return {
    ...append,
    schemaUpdateOptions: [...new Set([...options, 'ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'])],
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
    const sample = sampleOf(files.slice(from, end));
    parts.push({ entry: batch.files.entry, from, count: end - from, bytes, sample });
    from = end;
  }
  return parts.length > 1 ? parts : [batch.files];
}
