import { isObject } from '../../json';
import type { JsonObject } from '../../rules/types';
import type { BatchFiles } from '../batch';
import type { LoadStep, ReloadTarget } from '../steps';

/** BigQuery's largest: a load with it ends well however many rows are bad, and tells of those it has left out. */
const ALL_ROWS_MAY_BE_BAD = 2_147_483_647;

/** What a step's end settles; a step as planned settles its own part. */
export function ledgerTargetOf({ files, reload }: LoadStep): ReloadTarget {
  return reload ?? { part: files.part, from: files.from ?? 0, whole: files.from === undefined };
}

/** The step that loads what is left: the same job under another name, over other files. */
export function reloadStep(step: LoadStep, jobId: string, files: BatchFiles): LoadStep {
  return { ...step, job: { ...step.job, jobId }, files, reload: ledgerTargetOf(step) };
}

/**
 * The job that looks for bad files without an end of its own: it loads into a table that nobody reads, and allows every row
 * to be bad. It takes the columns that the load would have; partitions and dispositions do not matter there.
 */
export function probeConfiguration(configuration: JsonObject, table: JsonObject): JsonObject {
  const load = isObject(configuration.load) ? configuration.load : {};
  const { timePartitioning: _time, rangePartitioning: _range, clustering: _cluster, ...rest } = load;
  const { schemaUpdateOptions: _options, ...kept } = rest;
  return {
    ...configuration,
    load: {
      ...kept,
      destinationTable: table,
      maxBadRecords: ALL_ROWS_MAY_BE_BAD,
      createDisposition: 'CREATE_IF_NEEDED',
      writeDisposition: 'WRITE_TRUNCATE',
    },
  };
}
