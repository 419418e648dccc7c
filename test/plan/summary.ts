import type { JsonValue } from '../../src/json';
import type { Plan } from '../../src/plan/plan';
import type { LoadStep, PrepareStep, Step } from '../../src/plan/steps';
import { fromReference, legacyName, type TableReference } from '../../src/rules/tableReference';

/** A plan in a form that is short enough to write by hand. */
export function summary(plan: Plan): Record<string, unknown> {
  const { prepare, load, transfer, onSuccess, onFailure, cleanup } = plan;
  return {
    prepare: prepare.map(prepared),
    load: load.flat().map(loaded),
    transfer: transfer.map(stepped),
    ...(onSuccess.length > 0 ? { onSuccess: onSuccess.map(stepped) } : {}),
    ...(onFailure.length > 0 ? { onFailure: onFailure.map(stepped) } : {}),
    cleanup: cleanup.map(stepped),
  };
}

function loaded({ step, job }: LoadStep): string {
  const load = object(job.configuration.load);
  return `${step} load ${load.autodetect === true ? 'autodetect ' : ''}-> ${target(load)}`;
}

function prepared(step: PrepareStep): string {
  if (step.kind === 'createDataset') return `createDataset ${step.projectId}:${step.datasetId} in ${step.location}`;
  if (step.kind === 'applyTemplate') return `applyTemplate ${name(step.template)} -> ${name(step.table)}`;
  if (step.kind === 'expireTable') return `expireTable ${name(step.table)} ${step.lifetimeMs}`;
  const { schema, timePartitioning, clustering } = step.resource;
  const columns = list(object(schema).fields).map((field) => object(field).name);
  const partition = timePartitioning
    ? ` PARTITION ${object(timePartitioning).type}(${object(timePartitioning).field})`
    : '';
  const cluster = clustering ? ` CLUSTER [${list(object(clustering).fields).join(', ')}]` : '';
  const lifetime = step.kind === 'createTable' && step.lifetimeMs ? ' temporary' : '';
  return `${step.kind} ${name(step.table)} (${columns.join(', ')})${partition}${cluster}${lifetime}`;
}

function stepped(step: Step): unknown {
  const nested = {
    ...(step.prepare ? { prepare: step.prepare.map(prepared) } : {}),
    ...(step.onSuccess.length > 0 ? { onSuccess: step.onSuccess.map(stepped) } : {}),
    ...(step.onFailure.length > 0 ? { onFailure: step.onFailure.map(stepped) } : {}),
  };
  if (step.kind === 'action') {
    const text = `${step.step} ${step.action} ${JSON.stringify(step.request)}`;
    return Object.keys(nested).length > 0 ? { do: text, ...nested } : text;
  }
  const body = object(step.job.configuration[step.action === 'export' ? 'extract' : step.action]);
  if (step.action === 'copy') {
    const text = `${step.step} copy ${name(body.sourceTable)} -> ${target(body)}`;
    return Object.keys(nested).length > 0 ? { do: text, ...nested } : text;
  }
  const into = body.destinationTable ? ` -> ${target(body)}` : '';
  return { do: `${step.step} ${step.action}${into}`, sql: String(body.query).split('\n'), ...nested };
}

function target(body: Record<string, JsonValue>): string {
  return `${name(body.destinationTable)} ${String(body.writeDisposition).replace('WRITE_', '')}`;
}

function name(reference: JsonValue | TableReference | undefined): string {
  const { projectId, datasetId, tableId } = object(reference);
  return legacyName(
    fromReference({ projectId: String(projectId), datasetId: String(datasetId), tableId: String(tableId) }),
  );
}

function object(value: unknown): Record<string, JsonValue> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function list(value: unknown): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
