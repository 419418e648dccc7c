import { createHash } from 'node:crypto';
import { tableKey } from '../catalog';
import { BigQueryError, invalid, missing, statusOf } from '../errors';
import { normalSchema } from '../fields';
import { splitDecorator } from '../partitions';
import type { JobConfiguration, JobResource, QueryConfiguration, TableField, TableReference } from '../resources';
import type { Statement } from '../sql/contract';
import { isScript, SqlError, toSqlError, translateScript } from '../sql/translate';
import { isConflict, retried } from './conflicts';
import type { JobContext } from './context';
import { Destination } from './destination';
import type { JobStore } from './jobStore';
import { type JobRun, type JobWork, newJob } from './jobs';
import { queryCatalog } from './queryCatalog';
import { runStatement } from './statements';
import { dropTemporary, isTemporary } from './temporary';

/** What can be said against a query before it is a job. */
export function checkQuery(query: QueryConfiguration): void {
  if (!query.query?.trim()) throw missing('query');
  const partition = query.destinationTable?.tableId.includes('$') ?? false;
  const replaces = query.writeDisposition === 'WRITE_TRUNCATE' && partition;
  if (query.schemaUpdateOptions?.length && query.writeDisposition !== 'WRITE_APPEND' && !replaces) {
    throw invalid(
      'Schema update options should only be specified with WRITE_APPEND disposition, or with WRITE_TRUNCATE disposition on a table partition.',
    );
  }
}

/** Translates a query, statement by statement: each sees what the one before it did. */
export function* statementsOf(
  context: JobContext,
  projectId: string,
  query: QueryConfiguration,
): Generator<Statement, void, void> {
  const catalog = queryCatalog(context.catalog, projectId, query);
  const options = { legacy: query.useLegacySql ?? true, parameters: query.queryParameters ?? [], catalog };
  try {
    yield* translateScript(query.query ?? '', options);
  } catch (error) {
    throw queryError(error);
  }
}

/** The statement of a query that is one; what the translator wants to know of the data before it is looked up. */
async function firstStatement(
  context: JobContext,
  statements: Generator<Statement, void, void>,
): Promise<Statement | undefined> {
  for (const statement of statements) {
    if (!statement.receive) return statement;
    await evaluate(context, statement, statement.receive);
  }
  return undefined;
}

/** What a query would do, without doing it. */
export async function dryRun(
  context: JobContext,
  projectId: string,
  configuration: JobConfiguration,
): Promise<JobResource> {
  const query = configuration.query ?? {};
  const job = newJob(projectId, {}, configuration);
  const first = await firstStatement(context, statementsOf(context, projectId, query));
  if (first && query.destinationTable) new Destination(context.catalog, query.destinationTable, query);
  const bytes = first ? await bytesRead(context, first) : 0;
  job.statistics.totalBytesProcessed = bytes.toString();
  job.statistics.query = {
    statementType: isScript(query.query ?? '') ? 'SCRIPT' : (first?.kind ?? 'SELECT'),
    totalBytesProcessed: bytes.toString(),
    totalBytesBilled: '0',
    cacheHit: false,
    ...(first?.schema ? { schema: { fields: normalSchema(first.schema) } } : {}),
  };
  job.status = { state: 'DONE' };
  return job;
}

/** Runs one statement, or a script as a job with a child for each statement. */
export function queryWork(context: JobContext, store: JobStore): JobWork {
  return async (run) => {
    const query = run.job.configuration.query ?? {};
    if (isScript(query.query ?? '')) return runScript(context, store, run, query);
    const statement = await firstStatement(context, statementsOf(context, run.job.jobReference.projectId, query));
    if (!statement) throw new BigQueryError(400, 'invalidQuery', 'Query is empty', 'query');
    await inTurn(run, query, statement, async () => {
      const effect = await prepared(context, run.job, query, statement);
      await run.commit((transaction) => sqlErrors(() => effect(transaction)));
    });
  };
}

async function runScript(context: JobContext, store: JobStore, run: JobRun, query: QueryConfiguration): Promise<void> {
  const { job } = run;
  const { projectId, jobId } = job.jobReference;
  const digest = createHash('sha1').update(`${projectId}:${jobId}`).digest('hex').slice(0, 32);
  const script = statementsOf(context, projectId, query);
  let children = 0;
  let bytes = 0;
  const temporary: TableReference[] = [];
  let next = script.next();
  while (!next.done) {
    if (run.signal.aborted)
      throw new BigQueryError(499, 'stopped', 'Job execution was cancelled: User requested cancellation');
    const statement = next.value;
    try {
      if (statement.receive) await evaluate(context, statement, statement.receive);
      else {
        if (statement.ddl?.op === 'createTable' && isTemporary(statement.ddl.table))
          temporary.push(statement.ddl.table);
        const childId = `script_job_${digest}_${children++}`;
        bytes += await runChild(context, store, run, query, statement, childId);
      }
    } catch (error) {
      next = handled(script, error);
      continue;
    }
    next = script.next();
  }
  await dropTemporary(context, temporary);
  job.statistics.numChildJobs = children.toString();
  job.statistics.totalBytesProcessed = bytes.toString();
  job.statistics.query = {
    statementType: 'SCRIPT',
    totalBytesProcessed: bytes.toString(),
    totalBytesBilled: bytes.toString(),
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

/** An expression of the script itself: what a variable is set to, a condition. */
async function evaluate(
  { database }: JobContext,
  { duckdb, parameters, parameterTypes }: Statement,
  receive: NonNullable<Statement['receive']>,
): Promise<void> {
  const reader = await sqlErrors(() =>
    database.use((connection) => connection.runAndReadAll(duckdb, parameters, parameterTypes)),
  );
  receive(reader.getRows()[0] ?? []);
}

/** Runs a statement of a script as a job of its own; gives the bytes that it read. */
async function runChild(
  context: JobContext,
  store: JobStore,
  run: JobRun,
  query: QueryConfiguration,
  statement: Statement,
  jobId: string,
): Promise<number> {
  const { projectId, jobId: parentJobId } = run.job.jobReference;
  const configuration = { query: { query: statement.text, useLegacySql: query.useLegacySql ?? true } };
  // A script that is run again after a crash goes on after the statements that were committed.
  if (store.has({ projectId, jobId })) return 0;
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
  return Number(child.statistics.totalBytesProcessed ?? 0);
}

function inTurn(
  run: JobRun,
  query: QueryConfiguration,
  statement: Statement,
  work: () => Promise<void>,
): Promise<void> {
  const written = statement.target ?? (statement.kind === 'SELECT' ? query.destinationTable : undefined);
  return run.turn(written ? tableKey(splitDecorator(written).table) : undefined, work);
}

async function prepared(context: JobContext, job: JobResource, query: QueryConfiguration, statement: Statement) {
  const bytes = await bytesRead(context, statement);
  job.statistics.totalBytesProcessed = bytes.toString();
  job.statistics.query = {
    statementType: statement.kind,
    totalBytesProcessed: bytes.toString(),
    totalBytesBilled: bytes.toString(),
    cacheHit: false,
    referencedTables: [...statement.reads],
  };
  return runStatement(context, job, query, statement);
}

async function bytesRead(context: JobContext, statement: Statement): Promise<number> {
  let bytes = 0;
  const seen = new Set<string>();
  for (const ref of statement.reads) {
    const table = context.catalog.findTable(splitDecorator(ref).table);
    if (!table || seen.has(tableKey(ref))) continue;
    seen.add(tableKey(ref));
    bytes += (await context.sizes.of(table)).bytes;
  }
  return bytes;
}

async function sqlErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw queryError(error);
  }
}

/** An error of the translator or of DuckDB as the end of a query job. */
export function queryError(error: unknown): unknown {
  if (error instanceof BigQueryError || isConflict(error)) return error;
  const { reason, message, location } = error instanceof SqlError ? error : toSqlError(error);
  return new BigQueryError(statusOf(reason), reason, message, location);
}

/** Names of columns that occur twice make a result that has no table. */
export function checkNames(fields: readonly TableField[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    const key = name.toLowerCase();
    if (seen.has(key)) {
      const message = `Duplicate column names in the result are not supported when a destination table is present. Found duplicate(s): ${name}`;
      throw new BigQueryError(400, 'invalidQuery', message, 'query');
    }
    seen.add(key);
  }
}

/** Where the rows of a query go that names no table: a hidden one, gone after a day. */
export function anonymousTable(job: JobResource): TableReference {
  const { projectId, jobId } = job.jobReference;
  const digest = createHash('sha1').update(`${projectId}:${jobId}`).digest('hex');
  const owner = createHash('sha1').update(projectId).digest('hex');
  return { projectId, datasetId: `_${owner}`, tableId: `anon${digest}` };
}
