import { createHash } from 'node:crypto';
import type { Outcome, Statement, TableReference } from '@bqtail/googlesql-duckdb';
import { SqlError } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import { BigQueryError, statusOf } from '../errors';
import type { JobResource, QueryConfiguration } from '../resources';
import { retryOnConflict } from './conflicts';
import type { JobContext } from './context';
import { stopped } from './jobEnd';
import type { JobStore } from './jobStore';
import type { JobRun } from './jobs';
import { newJob } from './newJob';
import {
  evaluate,
  prepareStatement,
  queryError,
  recordCosts,
  runInTurn,
  sqlErrors,
  statementsOf,
} from './queryStatements';
import { dropTemporary, isTemporary } from './temporary';

/** Runs a script: a job with a child per statement. */
export async function runScript(
  context: JobContext,
  store: JobStore,
  run: JobRun,
  query: QueryConfiguration,
): Promise<void> {
  const { job } = run;
  const children = new Children(context, store, run, query);
  job.statistics.query = { statementType: 'SCRIPT' };
  try {
    await runStatements(context, run, query, children);
  } finally {
    await dropTemporary(context, children.temporary);
    const { count, processed, billed } = children;
    job.statistics.numChildJobs = count.toString();
    job.statistics.totalBytesProcessed = processed.toString();
    job.statistics.query = {
      statementType: 'SCRIPT',
      totalBytesProcessed: processed.toString(),
      totalBytesBilled: billed.toString(),
      cacheHit: false,
    };
  }
  await run.turn(undefined, () => run.commit(async () => undefined));
}

async function runStatements(context: JobContext, run: JobRun, query: QueryConfiguration, children: Children) {
  const { projectId, jobId } = run.job.jobReference;
  const script = statementsOf(context, projectId, query, jobId);
  let next = script.next();
  while (!next.done) {
    if (run.signal.aborted) throw stopped();
    const statement = next.value;
    let outcome: Outcome | undefined;
    try {
      if (statement.receive) {
        await evaluate(context, statement, statement.receive);
        if (statement.reads.length > 0) await children.addExpression(statement);
      } else outcome = await children.run(statement);
    } catch (error) {
      next = throwInto(script, error);
      continue;
    }
    next = script.next(outcome);
  }
}

/**
 * Throws an error into the script, which may handle it.
 *
 * @throws BigQueryError when the script has no handler, or the job was stopped.
 */
function throwInto(
  script: Generator<Statement, void, Outcome | undefined>,
  error: unknown,
): IteratorResult<Statement, void> {
  const reason = queryError(error);
  if (!(reason instanceof BigQueryError)) throw reason;
  if (reason.reason === 'stopped') throw reason;
  return script.throw(new SqlError(reason.reason as SqlError['reason'], reason.message, reason.location));
}

/** The child jobs of a script, and their totals. */
class Children {
  count = 0;
  processed = 0;
  billed = 0;
  /** Temporary tables that the script created. */
  readonly temporary: TableReference[] = [];
  private readonly digest: string;

  constructor(
    private readonly context: JobContext,
    private readonly store: JobStore,
    private readonly parent: JobRun,
    private readonly query: QueryConfiguration,
  ) {
    const { projectId, jobId } = parent.job.jobReference;
    this.digest = createHash('sha1').update(`${projectId}:${jobId}`).digest('hex').slice(0, 32);
  }

  /** Runs a statement as a job of its own. @throws the error with which the statement failed. */
  async run(statement: Statement): Promise<Outcome> {
    const { context, store, parent } = this;
    const { ddl } = statement;
    if (ddl?.op === 'createTable' && isTemporary(ddl.table)) this.temporary.push(ddl.table);
    const child = this.newChild(statement, 'STATEMENT');
    // A script that runs again after a crash continues after the committed statements.
    const committed = store.has(child.jobReference) ? await store.find(child.jobReference) : undefined;
    if (committed) {
      this.addCosts(committed);
      return outcomeOf(committed);
    }
    try {
      await retryOnConflict(() =>
        runInTurn(parent, {}, statement, async () => {
          child.statistics.startTime = Date.now().toString();
          const effect = await prepareStatement(context, child, child.configuration.query ?? {}, statement);
          await context.database.transaction(async (transaction) => {
            await sqlErrors(() => effect(transaction));
            await this.finish(transaction, child);
          });
        }),
      );
    } catch (error) {
      const reason = queryError(error);
      if (reason instanceof BigQueryError && !parent.signal.aborted) {
        const { proto, details } = reason;
        child.status = { state: 'DONE', errorResult: proto, errors: [proto, ...details] };
        await context.database.transaction((transaction) => this.finish(transaction, child));
      }
      throw error;
    }
    this.addCosts(child);
    return outcomeOf(child);
  }

  /** Adds a job for an expression that read tables, for example that of SET, as the service does. */
  async addExpression(statement: Statement): Promise<void> {
    const child = this.newChild(statement, 'EXPRESSION');
    if (this.store.has(child.jobReference)) return;
    await recordCosts(this.context, child, {}, { ...statement, kind: 'SELECT' });
    this.addCosts(child);
    await this.context.database.transaction((transaction) => this.finish(transaction, child));
  }

  private newChild(statement: Statement, evaluationKind: 'STATEMENT' | 'EXPRESSION'): JobResource {
    const { projectId, jobId: parentJobId, location } = this.parent.job.jobReference;
    const { labels, frames = [] } = statement;
    const configuration = {
      query: { query: statement.text, useLegacySql: this.query.useLegacySql ?? true },
      labels: labels && { ...labels },
    };
    const jobId = `script_job_${this.digest}_${this.count++}`;
    const child = newJob(projectId, { jobId, location }, configuration);
    child.statistics.parentJobId = parentJobId;
    child.statistics.scriptStatistics = { evaluationKind, stackFrames: frames };
    return child;
  }

  private addCosts({ statistics }: JobResource): void {
    this.processed += Number(statistics.totalBytesProcessed ?? 0);
    this.billed += Number(statistics.query?.totalBytesBilled ?? 0);
  }

  private async finish(transaction: Transaction, child: JobResource): Promise<void> {
    child.statistics.startTime ??= child.statistics.creationTime;
    child.statistics.endTime = Date.now().toString();
    child.status = { ...child.status, state: 'DONE' };
    await this.store.addFinished(transaction, child);
  }
}

/** The outcome of a child that is done. @throws BigQueryError with which it failed. */
function outcomeOf({ status, statistics, jobReference }: JobResource): Outcome {
  const { errorResult: error } = status;
  if (error) throw new BigQueryError(statusOf(error.reason), error.reason, error.message, error.location);
  const rows = statistics.query?.numDmlAffectedRows;
  return { jobId: jobReference.jobId, rowCount: rows === undefined ? undefined : Number(rows) };
}
