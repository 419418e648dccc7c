import type { Plan } from '../../plan/plan';
import type { JobStep, LoadStep, PrepareStep, Step } from '../../plan/steps';
import type { JsonObject, JsonValue } from '../../rules/types';
import { indent, settings, textLines } from './indent';
import { prepareText } from './prepareText';
import type { RequestedBatch } from './requestedBatches';
import { tableOf, targetOf } from './tableText';

const MOST_FILES = 10;

/** A plan with its rule, window and files. */
export interface RequestedPlan extends RequestedBatch {
  readonly plan: Plan;
}

/**
 * A plan as text, in the order in which it runs: preparation, load, transfer, actions and clean-up. SQL keeps its lines.
 */
export function planText({ rule, window, files, plan }: RequestedPlan): string {
  const when = window ? `window ${window.id}, due ${new Date(window.due * 1000).toISOString()}` : 'a single file';
  const more = files.length > MOST_FILES ? [`… and ${files.length - MOST_FILES} more`] : [];
  const rounds = plan.load.map((round, at) => {
    const heading = plan.load.length === 1 ? 'load' : `load, round ${at + 1} of ${plan.load.length}`;
    return section(heading, round.map(loadLines));
  });
  const transfer = plan.transferAfterLoad
    ? 'transfer (planned again when the columns of the loaded table are known)'
    : 'transfer';
  return [
    `rule ${rule.id}`,
    `to ${plan.process.dest}, ${when}`,
    ...indent([...files.slice(0, MOST_FILES).map(({ url }) => url), ...more]),
    ...section('prepare', plan.prepare.map(prepareText)),
    ...rounds.flat(),
    ...section(transfer, plan.transfer.map(stepLines)),
    ...section('on success', plan.onSuccess.map(stepLines)),
    ...section('on failure', plan.onFailure.map(stepLines)),
    ...section('clean-up, after success or failure', plan.cleanup.map(stepLines)),
    '',
  ].join('\n');
}

function section(heading: string, steps: readonly (readonly string[])[]): readonly string[] {
  return steps.length === 0 ? [] : ['', heading, ...indent(steps.flat())];
}

function loadLines({ step, job, files }: LoadStep): readonly string[] {
  const { destinationTable: _target, schema: _schema, ...load } = objectOf(job.configuration.load);
  const size = files.bytes > 0 ? `, ${files.bytes.toLocaleString('en-US')} bytes,` : '';
  return [
    `${step}. load ${files.count} file${files.count === 1 ? '' : 's'}${size} ${targetOf(objectOf(job.configuration.load))}`,
    ...indent([`job ${job.jobId} in ${placeOf(job)}`, ...settings(load, ['writeDisposition', 'sourceUris'])]),
  ];
}

function stepLines(step: Step): readonly string[] {
  const own =
    step.kind === 'job' ? jobLines(step) : [`${step.step}. ${step.action}`, ...indent(settings(step.request))];
  const query = step.kind === 'action' && step.job ? jobBody(step.job.configuration) : [];
  return [
    ...own,
    ...indent([
      ...query,
      ...(step.when ? [step.when.exists ? `only if ${tableOf(step.when.exists)} exists` : 'never'] : []),
      ...before(step.prepare),
      ...branch('on success', step.onSuccess),
      ...branch('on failure', step.onFailure),
    ]),
  ];
}

function jobLines({ step, action, job }: JobStep): readonly string[] {
  const body = objectOf(job.configuration[action === 'export' ? 'extract' : action]);
  const source = body.sourceTable ? ` ${tableOf(body.sourceTable)}` : '';
  return [
    `${step}. ${action}${source} ${targetOf(body)}`.trimEnd(),
    ...indent([`job ${job.jobId} in ${placeOf(job)}`, ...jobBody(job.configuration)]),
  ];
}

/** Settings that the first line of a job shows, or that all jobs have. */
const OMITTED = ['writeDisposition', 'createDisposition', 'useLegacySql', 'destinationUris'];

/** The configuration of a job, with its SQL unchanged. */
function jobBody({ query, copy, extract }: JsonObject): readonly string[] {
  const { query: sql, destinationTable: _to, sourceTable: _from, ...more } = objectOf(query ?? copy ?? extract);
  const dialect = more.useLegacySql === true ? ['in legacy SQL:'] : [];
  return [...settings(more, OMITTED), ...(typeof sql === 'string' ? [...dialect, ...textLines(sql)] : [])];
}

function before(prepare: readonly PrepareStep[] = []): readonly string[] {
  return prepare.length === 0 ? [] : ['before this step:', ...indent(prepare.flatMap(prepareText))];
}

function branch(name: string, steps: readonly Step[]): readonly string[] {
  return steps.length === 0 ? [] : [`${name}:`, ...indent(steps.flatMap(stepLines))];
}

function placeOf({ projectId, location }: { readonly projectId: string; readonly location?: string }): string {
  return location === undefined ? projectId : `${projectId}, ${location}`;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
