import type { JsonObject } from '../json';
import type { SealedBatch } from './batch';
import type { PlanningFacts } from './facts';

const LONGEST = 63;

/** What labels tell of. */
interface LabelFacts extends Pick<PlanningFacts, 'windowId'> {
  readonly batch: Pick<SealedBatch, 'process' | 'ruleId'>;
}

/** Labels of every job of a process, so that the job history tells what was loaded. */
export function labelsOf({ batch, windowId }: LabelFacts): JsonObject {
  const { process, ruleId } = batch;
  return {
    bqtail_rule: labelValue(ruleId),
    bqtail_dest: labelValue(process.dest),
    ...(windowId === undefined ? {} : { bqtail_window: labelValue(windowId) }),
    bqtail_event: labelValue(process.eventId),
  };
}

/** A text as BigQuery takes it in a label; the end of a long one is kept, where names differ. */
function labelValue(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '_')
    .slice(-LONGEST);
}
