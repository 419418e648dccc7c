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

/** Creates or changes datasets and tables, in order. All steps can be repeated. */
export async function prepareTables(deps: Dependencies, steps: readonly PrepareStep[]): Promise<void> {
  for (const step of steps) {
    try {
      await prepare(deps, step);
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      throw toFailure(
        error,
        step.kind === 'createDataset' ? `creating ${step.datasetId}` : `${step.kind} ${tableKey(step.table)}`,
      );
    }
  }
}

async function prepare(deps: Dependencies, step: PrepareStep): Promise<void> {
  const { bigQuery } = deps;
  switch (step.kind) {
    case 'createDataset':
      return bigQuery.createDataset(step, step.location);
    case 'createTable':
      return bigQuery.createTable(step.table, { ...step.resource, ...expiration(step.lifetimeMs) });
    case 'patchTable':
      return patch(deps, step.table, step.resource);
    case 'expireTable':
      return bigQuery.patchTable(step.table, expiration(step.lifetimeMs));
    case 'applyTemplate': {
      const template = await existing(deps, step.template);
      const change = changeToTemplate(step.table, template, await bigQuery.getTable(step.table));
      return change ? prepare(deps, change) : undefined;
    }
  }
}

/** Patches a table. Repeats the patch when another process has changed the table since it was read, and keeps that change. */
async function patch(deps: Dependencies, table: TableReference, resource: JsonObject): Promise<void> {
  for (let before = await existing(deps, table); ; ) {
    try {
      return await deps.bigQuery.patchTable(table, patchOf(resource, before));
    } catch (error) {
      const now = await existing(deps, table);
      if (!differ(fieldsOf(before), fieldsOf(now))) throw error;
      before = now;
    }
  }
}

async function existing(deps: Dependencies, table: TableReference): Promise<JsonObject> {
  const resource = await deps.bigQuery.getTable(table);
  if (resource) return resource;
  throw newFailure('SchemaMissing', `table ${tableKey(table)} does not exist`);
}

function expiration(lifetimeMs: number | undefined): JsonObject {
  return lifetimeMs === undefined ? {} : { expirationTime: String(Date.now() + lifetimeMs) };
}
