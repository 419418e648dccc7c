import type { SealedBatch } from '../../src/plan/batch';
import type { Plan } from '../../src/plan/plan';
import type { FileEvent } from '../../src/windows/fileEvent';
import type { Process } from '../../src/windows/process';
import type { BatchOutcome } from '../../src/workflows/batchOutcome';

/** The event `rule/url#generation`, with itself as event ID. */
export function event(text: string): FileEvent {
  const [, ruleId = '', url = '', generation = ''] = /^(.*)\/(.*)#(.*)$/.exec(text) ?? [];
  return { url, generation, size: 1, updatedMs: 0, ruleId, eventId: text };
}

export const PROCESS: Process = {
  dest: 'ds.t',
  eventId: '777',
  startedMs: 0,
  source: { url: 'gs://b/a', updatedMs: 0 },
  ruleUrl: 'r',
  async: true,
  projectId: 'p',
  params: {},
  stepCount: 1,
};

/** A batch of `count` files of one byte. */
export function sealedBatch(ruleId: string, count: number): SealedBatch {
  const files = { entry: 'gs://b/part', count, bytes: count, sample: [] };
  return { process: PROCESS, ruleId, files, jobId: `${ruleId}-job` };
}

/** The plan of one load job. */
export function planOf({ process, ruleId, files, jobId }: SealedBatch): Plan {
  const job = { jobId, projectId: 'p', configuration: {} };
  return {
    process,
    ruleId,
    prepare: [],
    load: [[{ step: 1, action: 'load', job, files }]],
    transferAfterLoad: false,
    maxReload: 15,
    transfer: [],
    onSuccess: [],
    onFailure: [],
    cleanup: [],
    stepCount: 1,
    actions: { onSuccess: [], onFailure: [] },
  };
}

/** A batch whose load succeeded. */
export function loadedBatch(ruleId: string, count: number, rows: number): BatchOutcome {
  const batch = sealedBatch(ruleId, count);
  return { batch, plan: planOf(batch), job: { jobId: batch.jobId, rows } };
}
