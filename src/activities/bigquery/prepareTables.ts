import { ApplicationFailure } from '@temporalio/common';
import { newFailure } from '../../failures';
import { tableKey } from '../../plan/facts';
import { differ, fieldsOf } from '../../plan/schema';
import type { PrepareStep } from '../../plan/steps';
import { changeToTemplate, patchOf } from '../../plan/tableResource';
import type { TableReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';

/** Makes or changes datasets and tables, in order; each step may be repeated without harm. */
export async function prepareTables(steps: readonly PrepareStep[], deps: Dependencies): Promise<void> {
  for (const step of steps) {
    try {
      await prepare(step, deps);
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      throw toFailure(
        error,
        step.kind === 'createDataset' ? `creating ${step.datasetId}` : `${step.kind} ${tableKey(step.table)}`,
      );
    }
  }
}

async function prepare(step: PrepareStep, deps: Dependencies): Promise<void> {
  const { bigQuery } = deps;
  switch (step.kind) {
    case 'createDataset':
      return bigQuery.createDataset(step, step.location);
    case 'createTable':
      return bigQuery.createTable(step.table, { ...step.resource, ...expiration(step.lifetimeMs) });
    case 'patchTable':
      return patch(step.table, step.resource, deps);
    case 'expireTable':
      return bigQuery.patchTable(step.table, expiration(step.lifetimeMs));
    case 'applyTemplate': {
      const template = await existing(step.template, deps);
      const change = changeToTemplate(step.table, template, await bigQuery.getTable(step.table));
      return change ? prepare(change, deps) : undefined;
    }
  }
}

/** Patches a table; when another process has changed it since it was read, what that one added is kept too. */
async function patch(table: TableReference, resource: JsonObject, deps: Dependencies): Promise<void> {
  for (let before = await existing(table, deps); ; ) {
    try {
      return await deps.bigQuery.patchTable(table, patchOf(resource, before));
    } catch (error) {
      const now = await existing(table, deps);
      if (!differ(fieldsOf(before), fieldsOf(now))) throw error;
      before = now;
    }
  }
}

async function existing(table: TableReference, deps: Dependencies): Promise<JsonObject> {
  const resource = await deps.bigQuery.getTable(table);
  if (resource) return resource;
  throw newFailure('SchemaMissing', `table ${tableKey(table)} does not exist`);
}

function expiration(lifetimeMs: number | undefined): JsonObject {
  return lifetimeMs === undefined ? {} : { expirationTime: String(Date.now() + lifetimeMs) };
}
