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
import { type AskedPlan, planText } from './plan/planText';
import { type AskedBatch, batchesOf } from './plan/requestedBatches';
import { givenTables, TableFacts } from './plan/tableFacts';
import { type FilePlacement, placementOf } from './rules/filePlacement';
import { dataFileUrl, type RuleOptions, rulesInForce } from './rules/rulesInForce';

export interface PlanOptions extends RuleOptions {
  /** `TABLE=FILE` each. */
  readonly schema: readonly string[];
  /** Bytes of each file; absent: Cloud Storage is asked. */
  readonly size?: number;
  /** BigQuery and Cloud Storage are not asked. */
  readonly offline?: boolean;
  /** Last update of the files, Unix milliseconds. */
  readonly updated: number;
  readonly eventId: string;
  readonly output: 'text' | 'json';
}

/**
 * `bqtail plan`: the jobs, SQL and actions by which files would be loaded, from the planner that loads them. Tables are read,
 * nothing is run or written.
 *
 * @throws CommandError when a file has no rule, or a plan cannot be made.
 */
export async function plan(files: readonly string[], options: PlanOptions): Promise<number> {
  const asked = await rulesInForce(options);
  const { config } = asked;
  const ways = files.map((text) => {
    const url = dataFileUrl(text, asked, options.bucket);
    return matched(url, placementOf(asked.rules, { url, updatedMs: options.updated }));
  });
  const given = await givenTables(options.schema, config.projectId);
  const bigQuery = options.offline ? undefined : new BigQueryProjects();
  const facts = new TableFacts(given, bigQuery);
  const projectLoads = bigQuery && new ProjectLoads(bigQuery, tellUnknownLoad);
  const sizeOf = await sizesOf(
    ways.map(({ file }) => file.url),
    options,
  );
  const projectOf = (rule: Rule) => chooseProject(rule, { config, ...(projectLoads ? { projectLoads } : {}) });
  const plans: AskedPlan[] = [];
  for (const batch of await batchesOf(ways, { config, eventId: options.eventId, sizeOf, projectOf })) {
    const sources = { config, batchFiles: { read: async () => ({ files: batch.files }) }, bigQuery: facts };
    plans.push({
      ...batch,
      plan: await planned(batch, () => makePlan(batch.rule, batch.batch, batch.window?.id, undefined, sources)),
    });
  }
  process.stdout.write(
    options.output === 'json' ? `${JSON.stringify(plans.map(fieldsOf), null, 2)}\n` : plans.map(planText).join('\n'),
  );
  if (facts.absent.length > 0) {
    const source = options.offline ? 'not given by --schema' : 'not in BigQuery';
    process.stderr.write(`bqtail: ${source}, so planned as not existing: ${facts.absent.join(', ')}\n`);
  }
  return EXIT.clean;
}

/** Sizes of files as given, else as Cloud Storage tells them, else 0. */
async function sizesOf(urls: readonly string[], { size, offline }: PlanOptions): Promise<(url: string) => number> {
  if (size !== undefined || offline) return () => size ?? 0;
  const { known, failure } = await fileSizes(
    urls,
    new CloudStorage(new Storage({ retryOptions: { autoRetry: false } })),
  );
  const missing = urls.filter((url) => !known.has(url)).length;
  const why = failure === undefined ? 'no such files' : `Cloud Storage cannot be asked: ${failure}`;
  if (missing > 0) process.stderr.write(`bqtail: sizes of ${missing} files taken as 0: ${why}; --size gives one\n`);
  return (url) => known.get(url) ?? 0;
}

function tellUnknownLoad(projectId: string, error: unknown): void {
  process.stderr.write(`bqtail: jobs of ${projectId} cannot be listed, so it counts as idle: ${String(error)}\n`);
}

function matched(url: string, answer: ReturnType<typeof placementOf>): FilePlacement {
  if (answer.status === 'matched' || answer.status === 'disabled') return answer.way;
  const what = answer.status === 'noMatch' ? 'no rule matches' : 'several rules match';
  throw new CommandError(`${url}: ${what}`, `bqtail match ${url} tells more`, EXIT.found);
}

async function planned(batch: AskedBatch, make: () => Promise<AskedPlan['plan']>): Promise<AskedPlan['plan']> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const type = failureTypeOf(error);
    const unplannable = type === 'RuleInvalid' || type === 'SchemaMissing';
    const message = unplannable ? error.message : `${batch.rule.id}: BigQuery cannot be asked: ${error.message}`;
    const hint = unplannable ? undefined : 'give credentials for BigQuery, or --offline with --schema TABLE=FILE';
    throw new CommandError(message, hint, unplannable ? EXIT.found : EXIT.unusable);
  }
}

function fieldsOf({ rule, window, files, plan: { actions: _written, ...steps } }: AskedPlan): Record<string, unknown> {
  return { rule: rule.id, window: window ?? null, files: files.map(({ url }) => url), plan: steps };
}
