import type { Outcome, Statement } from '@bqtail/googlesql-duckdb';
import { SqlError, toSqlError, translateScript } from '@bqtail/googlesql-duckdb';
import { tableKey } from '../catalog';
import { BigQueryError, statusOf } from '../errors';
import { splitDecorator } from '../partitions';
import type { JobResource, QueryConfiguration } from '../resources';
import { isConflict } from './conflicts';
import type { JobContext } from './context';
import type { JobRun } from './jobs';
import { queryCatalog } from './queryCatalog';
import { statementEffect } from './statements';

/**
 * Translates a query statement by statement; each sees the effects of the one before.
 *
 * @param jobId ID of the script, which names its temporary tables.
 * @throws BigQueryError when the query is invalid or not supported.
 */
export function* statementsOf(
  context: JobContext,
  projectId: string,
  query: QueryConfiguration,
  jobId?: string,
): Generator<Statement, void, Outcome | undefined> {
  const catalog = queryCatalog(context.catalog, projectId, query);
  const options = {
    legacy: query.useLegacySql ?? true,
    parameters: query.queryParameters ?? [],
    catalog,
    jobId,
  };
  try {
    yield* translateScript(query.query ?? '', options);
  } catch (error) {
    throw queryError(error);
  }
}

/** The first statement of a query, after the expressions that the translator evaluates before it. */
export async function firstStatement(
  context: JobContext,
  statements: Generator<Statement, void, Outcome | undefined>,
): Promise<Statement | undefined> {
  for (const statement of statements) {
    if (!statement.receive) return statement;
    await evaluate(context, statement, statement.receive);
  }
  return undefined;
}

/** Evaluates an expression of the script itself, such as a condition or the value of a variable. */
export async function evaluate(
  { database }: JobContext,
  { duckdb, parameters, parameterTypes }: Statement,
  receive: NonNullable<Statement['receive']>,
): Promise<void> {
  const reader = await sqlErrors(() =>
    database.use((connection) => connection.runAndReadAll(duckdb, parameters, parameterTypes)),
  );
  receive(reader.getRows()[0] ?? []);
}

/** Works when no other job writes to the table that the statement writes. */
export function runInTurn(
  run: JobRun,
  query: QueryConfiguration,
  statement: Statement,
  work: () => Promise<void>,
): Promise<void> {
  const written = statement.target ?? (statement.kind === 'SELECT' ? query.destinationTable : undefined);
  return run.turn(written ? tableKey(splitDecorator(written).table) : undefined, work);
}

/** Fills in the job's statistics before the statement runs; returns the statement's effect in its transaction. */
export async function prepareStatement(
  context: JobContext,
  job: JobResource,
  query: QueryConfiguration,
  statement: Statement,
) {
  await recordCosts(context, job, query, statement);
  return statementEffect(context, job, query, statement);
}

/**
 * Fills in the tables and bytes that a statement reads, and the bytes that are billed.
 *
 * @throws BigQueryError when the billed bytes exceed `maximumBytesBilled`.
 */
export async function recordCosts(
  context: JobContext,
  job: JobResource,
  query: QueryConfiguration,
  statement: Statement,
): Promise<void> {
  const { bytes, tables } = await bytesRead(context, statement);
  const billed = billedBytes(bytes, tables);
  const limit = Number(query.maximumBytesBilled ?? 0);
  if (limit > 0 && billed > limit) {
    throw new BigQueryError(
      400,
      'bytesBilledLimitExceeded',
      `Query exceeded limit for bytes billed: ${limit}. ${billed} or higher required.`,
    );
  }
  job.statistics.totalSlotMs = '0';
  job.statistics.totalBytesProcessed = bytes.toString();
  job.statistics.query = {
    statementType: statement.kind,
    totalBytesProcessed: bytes.toString(),
    totalBytesBilled: billed.toString(),
    billingTier: 1,
    totalSlotMs: '0',
    cacheHit: false,
    referencedTables: [...statement.reads],
  };
}

const MIB = 1024 * 1024;
const LEAST_BILLED = 10 * MIB;

/** The service bills whole MiB, and at least ten per table. */
function billedBytes(bytes: number, tables: number): number {
  return bytes === 0 ? 0 : Math.max(Math.ceil(bytes / MIB) * MIB, tables * LEAST_BILLED);
}

/** The number of tables that a statement reads, and their bytes. */
export async function bytesRead(context: JobContext, statement: Statement): Promise<{ bytes: number; tables: number }> {
  let bytes = 0;
  const seen = new Set<string>();
  for (const ref of statement.reads) {
    const table = context.catalog.findTable(splitDecorator(ref).table);
    if (!table || seen.has(tableKey(ref))) continue;
    seen.add(tableKey(ref));
    bytes += (await context.sizes.of(table)).bytes;
  }
  return { bytes, tables: seen.size };
}

/** Turns errors of DuckDB into errors of a query. */
export async function sqlErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw queryError(error);
  }
}

/** An error of the translator or of DuckDB as the error of a query job. Conflicts stay, so that they can be retried. */
export function queryError(error: unknown): unknown {
  if (error instanceof BigQueryError || isConflict(error)) return error;
  const { reason, message, location } = error instanceof SqlError ? error : toSqlError(error);
  return new BigQueryError(statusOf(reason), reason, message, location);
}
