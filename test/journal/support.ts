import { type Config, parseConfig } from '../../src/config/config';
import type { Process } from '../../src/windows/process';

/** A configuration with the bucket names of the examples in viant/bqtail. */
export function config(more: Readonly<Record<string, unknown>> = {}): Config {
  const fields = {
    ProjectID: 'my-proj',
    TriggerBucket: 'my-trigger',
    RulesURL: 'gs://my-config/BqTail/Rules/',
    AsyncTaskURL: 'gs://my-dispatch/BqDispatch/Tasks/',
    JournalURL: 'gs://my-ops/BqTail/Journal/',
    ErrorURL: 'gs://my-ops/BqTail/errors/',
    CorruptedFileURL: 'gs://my-ops/BqTail/corrupted/',
  };
  return parseConfig(JSON.stringify({ ...fields, ...more }), 'bqtail.json', {});
}

/** The process of an example `.win` file of viant/bqtail. */
export const PROCESS: Process = {
  dest: 'bqtail.dummy_v004',
  eventId: '900000000000001',
  startedMs: Date.parse('2023-11-14T22:59:59.999Z'),
  source: { url: 'gs://my-trigger/data/case004/path1/dummy1.json', updatedMs: Date.parse('2023-11-14T22:13:23.250Z') },
  ruleUrl: 'gs://my-config/BqTail/Rules/case004/rule.yaml',
  async: true,
  projectId: '',
  params: {},
  stepCount: 0,
};
