import { BigQueryError, invalid } from '../errors';
import { checkLabels } from '../labels';
import type { JobConfiguration } from '../resources';
import type { JobContext } from './context';
import { checkCopy, copyWork } from './copy';
import type { Dispositions } from './destination';
import { checkExtract, extractWork } from './extract';
import type { JobStore } from './jobStore';
import type { JobWork } from './jobs';
import { checkLoad, loadWork } from './load';
import { checkQuery, queryWork } from './query';

/**
 * Refuses an invalid configuration before it becomes a job.
 *
 * @param uploaded whether the request brings the media of a load job.
 * @throws BigQueryError
 */
export function checkConfiguration(configuration: JobConfiguration, uploaded: boolean): void {
  const { load, copy, extract, query } = configuration;
  checkLabels(configuration.labels);
  const kinds = [load, copy, extract, query].filter((kind) => kind !== undefined).length;
  if (kinds !== 1) {
    throw new BigQueryError(
      400,
      'required',
      'Required parameter is missing: exactly one of query, load, copy, extract',
    );
  }
  for (const kind of [load, copy, query]) if (kind) checkDispositions(kind);
  if (load) checkLoad(load, uploaded);
  if (copy) checkCopy(copy);
  if (extract) checkExtract(extract);
  if (query) checkQuery(query);
}

const DISPOSITIONS: Record<keyof Dispositions, readonly string[]> = {
  createDisposition: ['CREATE_IF_NEEDED', 'CREATE_NEVER'],
  writeDisposition: ['WRITE_APPEND', 'WRITE_EMPTY', 'WRITE_TRUNCATE', 'WRITE_TRUNCATE_DATA'],
  schemaUpdateOptions: ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'],
};

function checkDispositions({ createDisposition, writeDisposition, schemaUpdateOptions }: Dispositions): void {
  const given = { createDisposition, writeDisposition, schemaUpdateOptions };
  for (const [name, value] of Object.entries(given)) {
    const allowed: readonly string[] = Reflect.get(DISPOSITIONS, name);
    const wrong = [value ?? []].flat().find((one) => one !== '' && !allowed.includes(one));
    if (wrong !== undefined) throw invalid(`Invalid value for: ${name} is not a valid value: ${wrong}`, name);
  }
}

/** The work of a job, by the kind of its configuration. */
export function jobKinds(context: JobContext, store: JobStore): (configuration: JobConfiguration) => JobWork {
  const [load, copy, extract, query] = [
    loadWork(context),
    copyWork(context),
    extractWork(context),
    queryWork(context, store),
  ];
  return (configuration) => {
    if (configuration.load) return load;
    if (configuration.copy) return copy;
    return configuration.extract ? extract : query;
  };
}
