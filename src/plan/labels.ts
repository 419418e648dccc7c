import { definedFields, type JsonObject } from '../json';
import type { SealedBatch } from './batch';
import type { PlanningFacts } from './facts';

/** BigQuery's maximum length of a label value. */
const MAX_LENGTH = 63;

/** The facts in the labels of a job. */
interface LabelFacts extends Pick<PlanningFacts, 'windowId'> {
  readonly batch: Pick<SealedBatch, 'process' | 'ruleId'>;
}

/** Labels of every job of a process. They show in BigQuery's job history what a job loaded. */
export function labelsOf({ batch, windowId }: LabelFacts): JsonObject {
  const { process, ruleId } = batch;
  return definedFields({
    bqtail_rule: labelValue(ruleId),
    bqtail_dest: labelValue(process.dest),
    bqtail_window: windowId === undefined ? undefined : labelValue(windowId),
    bqtail_event: labelValue(process.eventId),
  });
}

/** Makes a valid label value. Long text keeps its end, where names differ. */
function labelValue(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '_')
    .slice(-MAX_LENGTH);
}
