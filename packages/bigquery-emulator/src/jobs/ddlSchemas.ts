import type { ProjectDataset, SchemaOptions } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import { BigQueryError, notFound } from '../errors';
import type { DatasetResource } from '../resources';
import type { JobContext } from './context';
import type { Change, DdlOutcome } from './ddlChange';

/** CREATE, ALTER and DROP SCHEMA. */
export async function changeSchema(
  { catalog }: JobContext,
  transaction: Transaction,
  change: Change<'createSchema' | 'alterSchema' | 'dropSchema'>,
): Promise<DdlOutcome> {
  const { dataset } = change;
  const existing = catalog.findDataset(dataset);
  if (change.op === 'createSchema') {
    if (existing && change.ifNotExists) return { operation: 'SKIP' };
    const resource: DatasetResource = {
      kind: 'bigquery#dataset',
      id: `${dataset.projectId}:${dataset.datasetId}`,
      datasetReference: dataset,
      location: 'US',
      type: 'DEFAULT',
      creationTime: Date.now().toString(),
    };
    await catalog.createDataset(transaction, withOptions(resource, change.options));
    return { operation: 'CREATE' };
  }
  if (!existing) {
    if (change.ifExists) return { operation: 'SKIP' };
    throw datasetNotFound(dataset);
  }
  if (change.op === 'alterSchema') {
    await catalog.putDataset(transaction, withOptions(existing, change.options));
    return { operation: 'ALTER' };
  }
  if (catalog.tables(dataset).length > 0 && !change.cascade) {
    throw new BigQueryError(400, 'resourceInUse', `Dataset ${dataset.projectId}:${dataset.datasetId} is still in use`);
  }
  await catalog.dropDataset(transaction, dataset);
  return { operation: 'DROP' };
}

export function datasetNotFound({ projectId, datasetId }: ProjectDataset): BigQueryError {
  return notFound(`Dataset ${projectId}:${datasetId} was not found in location US`);
}

function withOptions(resource: DatasetResource, options: SchemaOptions): DatasetResource {
  return { ...resource, ...optionsOf(options) };
}

/** Options as members of a resource. Null, which removes a member, becomes undefined. */
export function optionsOf<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], null> | undefined } {
  const entries = Object.entries(options).map(([name, value]) => [name, value ?? undefined]);
  return Object.fromEntries(entries);
}
