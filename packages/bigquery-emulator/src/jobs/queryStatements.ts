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
import { runStatement } from './statements';

/** Translates a query, statement by statement: each sees what the one before it did. */
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
    ...(jobId ? { jobId } : {}),
  };
  try {
    yield* translateScript(query.query ?? '', options);
  } catch (error) {
    throw queryError(error);
  }
}

/** The statement of a query that is one; what the translator wants to know of the data before it is looked up. */
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

/** An expression of the script itself: what a variable is set to, a condition. */
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

/** Waits for the table that a statement writes to, then works. */
export function inTurn(
  run: JobRun,
  query: QueryConfiguration,
  statement: Statement,
  work: () => Promise<void>,
): Promise<void> {
  const written = statement.target ?? (statement.kind === 'SELECT' ? query.destinationTable : undefined);
  return run.turn(written ? tableKey(splitDecorator(written).table) : undefined, work);
}

/** Fills in what is known of a statement before it runs; gives what it does in its transaction. */
export async function prepared(context: JobContext, job: JobResource, query: QueryConfiguration, statement: Statement) {
  await counted(context, job, query, statement);
  return runStatement(context, job, query, statement);
}

/** Fills in what a statement reads and costs. */
export async function counted(
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

/** What the service puts on the bill: whole MiB, and at least ten for each table. */
function billedBytes(bytes: number, tables: number): number {
  return bytes === 0 ? 0 : Math.max(Math.ceil(bytes / MIB) * MIB, tables * LEAST_BILLED);
}

/** Bytes of the tables that a statement reads, and how many they are. */
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

/** Makes what DuckDB throws an error of a query. */
export async function sqlErrors<T>(work: () => Promise<T>): Promise<T> {
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
