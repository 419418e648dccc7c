import type { PrepareStep } from '../../plan/steps';
import type { JsonObject, JsonValue } from '../../rules/types';
import { indent, settings } from './indent';
import { tableOf } from './tableText';

/** A preparation step as text. */
export function prepareText(step: PrepareStep): readonly string[] {
  switch (step.kind) {
    case 'createDataset':
      return [`create dataset ${step.projectId}:${step.datasetId} in ${step.location} unless it exists`];
    case 'createTable': {
      const end = step.lifetimeMs === undefined ? '' : `, expires after ${duration(step.lifetimeMs)}`;
      return [`create table ${tableOf(step.table)} unless it exists${end}`, ...indent(resourceText(step.resource))];
    }
    case 'patchTable':
      return [`change table ${tableOf(step.table)}`, ...indent(resourceText(step.resource))];
    case 'applyTemplate':
      return [`create or extend ${tableOf(step.table)} like ${tableOf(step.template)}`];
    case 'expireTable':
      return [`expire ${tableOf(step.table)} after ${duration(step.lifetimeMs)}`];
  }
}

function resourceText({ schema, location: _location, ...more }: JsonObject): readonly string[] {
  const columns = columnsOf(schema).map(({ name, type, mode }) => `${name} ${type}${mode ? ` ${mode}` : ''}`);
  return [...(columns.length > 0 ? [`columns: ${columns.join(', ')}`] : []), ...settings(more)];
}

function columnsOf(schema: JsonValue | undefined): readonly JsonObject[] {
  if (typeof schema !== 'object' || schema === null || !('fields' in schema)) return [];
  const { fields } = schema;
  return Array.isArray(fields) ? fields : [];
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** @example duration(86_400_000) // '1 day' */
function duration(ms: number): string {
  for (const [unit, length] of UNITS) {
    if (ms >= length && ms % length === 0) return `${ms / length} ${unit}${ms === length ? '' : 's'}`;
  }
  return `${ms} ms`;
}
