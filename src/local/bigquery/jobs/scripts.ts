import { createHash } from 'node:crypto';
import { BigQueryError } from '../errors';
import type { JobStatistics, QueryConfiguration, TableReference } from '../resources';
import type { Statement } from '../sql/contract';
import { SqlError } from '../sql/translate';
import { retried } from './conflicts';
import type { JobContext } from './context';
import type { JobStore } from './jobStore';
import type { JobRun } from './jobs';
import { newJob, stopped } from './newJob';
import { evaluate, inTurn, prepared, queryError, sqlErrors, statementsOf } from './queryStatements';
import { dropTemporary, isTemporary } from './temporary';

/** Runs a script: a job with a child for each statement. */
export async function runScript(
  context: JobContext,
  store: JobStore,
  run: JobRun,
  query: QueryConfiguration,
): Promise<void> {
  const { job } = run;
  const { projectId, jobId } = job.jobReference;
  const digest = createHash('sha1').update(`${projectId}:${jobId}`).digest('hex').slice(0, 32);
  const script = statementsOf(context, projectId, query);
  let children = 0;
  const bytes = { processed: 0, billed: 0 };
  const temporary: TableReference[] = [];
  let next = script.next();
  while (!next.done) {
    if (run.signal.aborted) throw stopped();
    const statement = next.value;
    try {
      if (statement.receive) await evaluate(context, statement, statement.receive);
      else {
        const { ddl } = statement;
        if (ddl?.op === 'createTable' && isTemporary(ddl.table)) temporary.push(ddl.table);
        const childId = `script_job_${digest}_${children++}`;
        const child = await runChild(context, store, run, query, statement, childId);
        bytes.processed += Number(child?.totalBytesProcessed ?? 0);
        bytes.billed += Number(child?.query?.totalBytesBilled ?? 0);
      }
    } catch (error) {
      next = handled(script, error);
      continue;
    }
    next = script.next();
  }
  await dropTemporary(context, temporary);
  job.statistics.numChildJobs = children.toString();
  job.statistics.totalBytesProcessed = bytes.processed.toString();
  job.statistics.query = {
    statementType: 'SCRIPT',
    totalBytesProcessed: bytes.processed.toString(),
    totalBytesBilled: bytes.billed.toString(),
    cacheHit: false,
  };
  await run.turn(undefined, () => run.commit(async () => undefined));
}

/** Gives an error to the script, which may have a handler for it; if not, the job ends with it. */
function handled(script: Generator<Statement, void, void>, error: unknown): IteratorResult<Statement, void> {
  const reason = queryError(error);
  if (!(reason instanceof BigQueryError)) throw reason;
  const thrown = new SqlError('invalidQuery', reason.message, reason.location);
  try {
    return script.throw(thrown);
  } catch (unhandled) {
    throw unhandled instanceof BigQueryError && unhandled.message === thrown.message ? reason : unhandled;
  }
}

/** Runs a statement of a script as a job of its own; gives what is counted of it. */
async function runChild(
  context: JobContext,
  store: JobStore,
  run: JobRun,
  query: QueryConfiguration,
  statement: Statement,
  jobId: string,
): Promise<JobStatistics | undefined> {
  const { projectId, jobId: parentJobId } = run.job.jobReference;
  const configuration = { query: { query: statement.text, useLegacySql: query.useLegacySql ?? true } };
  // A script that is run again after a crash goes on after the statements that were committed.
  if (store.has({ projectId, jobId })) return undefined;
  const child = newJob(projectId, { jobId }, configuration);
  child.statistics.parentJobId = parentJobId;
  child.statistics.scriptStatistics = { evaluationKind: 'STATEMENT' };
  await retried(() =>
    inTurn(run, {}, statement, async () => {
      child.statistics.startTime = Date.now().toString();
      const effect = await prepared(context, child, configuration.query, statement);
      await context.database.transaction(async (transaction) => {
        await sqlErrors(() => effect(transaction));
        child.statistics.endTime = Date.now().toString();
        child.status = { state: 'DONE' };
        await store.addFinished(transaction, child);
      });
    }),
  );
  return child.statistics;
}
