import { Storage } from '@google-cloud/storage';
import { ApplicationFailure } from '@temporalio/common';
import { makePlan } from '../activities/batch/planBatch';
import { BigQueryProjects } from '../activities/bigquery/bigQueryProjects';
import { chooseProject } from '../activities/bigquery/chooseProject';
import { ProjectLoads } from '../activities/bigquery/projectLoads';
import { failureTypeOf } from '../failures';
import { CloudStorage } from '../objects/cloudStorage';
import type { Rule } from '../rules/types';
import { CommandError, EXIT } from './commandError';
import { fileSizes } from './plan/fileSizes';
import { planText, type RequestedPlan } from './plan/planText';
import { batchesOf, type RequestedBatch } from './plan/requestedBatches';
import { givenTables, TableFacts } from './plan/tableFacts';
import { type FilePlacement, placementOf } from './rules/filePlacement';
import { dataFileUrl, type RuleOptions, rulesInForce } from './rules/rulesInForce';

export interface PlanOptions extends RuleOptions {
  /** `TABLE=FILE` each. */
  readonly schema: readonly string[];
  /** Size of each file, bytes; absent: its size in Cloud Storage. */
  readonly size?: number;
  /** Calls neither BigQuery nor Cloud Storage. */
  readonly offline?: boolean;
  /** Last update of the files, Unix milliseconds. */
  readonly updated: number;
  readonly eventId: string;
  readonly output: 'text' | 'json';
}

/**
 * `bqtail plan`: shows the jobs, SQL and actions that would load files, made by the planner of the worker. It reads tables, and
 * runs and writes nothing.
 *
 * @throws CommandError when no rule matches a file, or a plan cannot be made.
 */
export async function plan(files: readonly string[], options: PlanOptions): Promise<number> {
  const inForce = await rulesInForce(options);
  const { config } = inForce;
  const placements = files.map((text) => {
    const url = dataFileUrl(text, inForce, options.bucket);
    return matched(url, placementOf(inForce.rules, { url, updatedMs: options.updated }));
  });
  const given = await givenTables(options.schema, config.projectId);
  const bigQuery = options.offline ? undefined : new BigQueryProjects();
  const facts = new TableFacts(given, bigQuery);
  const projectLoads = bigQuery && new ProjectLoads(bigQuery, reportUnknownLoad);
  const sizeOf = await sizesOf(
    placements.map(({ file }) => file.url),
    options,
  );
  const projectOf = (rule: Rule) => chooseProject({ config, projectLoads }, rule);
  const plans: RequestedPlan[] = [];
  for (const batch of await batchesOf(placements, { config, eventId: options.eventId, sizeOf, projectOf })) {
    const sources = { config, ledger: { read: async () => ({ files: batch.files }) }, bigQuery: facts };
    plans.push({
      ...batch,
      plan: await planned(batch, () => makePlan(sources, batch.rule, batch.batch, batch.window?.id, undefined)),
    });
  }
  process.stdout.write(
    options.output === 'json' ? `${JSON.stringify(plans.map(fieldsOf), null, 2)}\n` : plans.map(planText).join('\n'),
  );
  if (facts.absent.length > 0) {
    const source = options.offline ? 'without --schema' : 'not in BigQuery';
    process.stderr.write(`bqtail: tables ${source}, planned as missing: ${facts.absent.join(', ')}\n`);
  }
  return EXIT.clean;
}

/** Sizes of files: those of `--size`, else those in Cloud Storage, else 0. */
async function sizesOf(urls: readonly string[], { size, offline }: PlanOptions): Promise<(url: string) => number> {
  if (size !== undefined || offline) return () => size ?? 0;
  const { sizes, failure } = await fileSizes(
    urls,
    new CloudStorage(new Storage({ retryOptions: { autoRetry: false } })),
  );
  const missing = urls.filter((url) => !sizes.has(url)).length;
  const why = failure === undefined ? 'no such files' : `Cloud Storage cannot be reached: ${failure}`;
  if (missing > 0) process.stderr.write(`bqtail: sizes of ${missing} files taken as 0: ${why}; set them by --size\n`);
  return (url) => sizes.get(url) ?? 0;
}

function reportUnknownLoad(projectId: string, error: unknown): void {
  process.stderr.write(
    `bqtail: jobs of ${projectId} cannot be listed, so the project counts as idle: ${String(error)}\n`,
  );
}

function matched(url: string, answer: ReturnType<typeof placementOf>): FilePlacement {
  if (answer.status === 'matched' || answer.status === 'disabled') return answer.placement;
  const what = answer.status === 'noMatch' ? 'no rule matches' : 'several rules match';
  throw new CommandError(`${url}: ${what}`, `bqtail match ${url} shows why`, EXIT.found);
}

async function planned(
  batch: RequestedBatch,
  make: () => Promise<RequestedPlan['plan']>,
): Promise<RequestedPlan['plan']> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const type = failureTypeOf(error);
    const unplannable = type === 'RuleInvalid' || type === 'SchemaMissing';
    const message = unplannable ? error.message : `${batch.rule.id}: BigQuery cannot be reached: ${error.message}`;
    const hint = unplannable ? undefined : 'give credentials for BigQuery, or --offline with --schema TABLE=FILE';
    throw new CommandError(message, hint, unplannable ? EXIT.found : EXIT.unusable);
  }
}

function fieldsOf({
  rule,
  window,
  files,
  plan: { actions: _written, ...steps },
}: RequestedPlan): Record<string, unknown> {
  return { rule: rule.id, window: window ?? null, files: files.map(({ url }) => url), plan: steps };
}
