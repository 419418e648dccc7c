import { Context } from '@temporalio/activity';
import { newFailure } from '../../failures';
import { isList } from '../../json';
import { expandAtRun } from '../../plan/expandAtRun';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import { parseTableName, type TableReference, toReference } from '../../rules/tableReference';
import type { JsonObject, JsonValue } from '../../rules/types';
import { hash } from '../../windows/hash';
import type { Dependencies } from '../dependencies';
import { statusOf, toFailure } from './bigQueryErrors';
import type { QueryJob, ResultPage, StreamedRow } from './bigQueryProjects';
import { insertable } from './streamedRows';

/** BigQuery allows 50,000 rows and 10 MB per request, and recommends 500 rows. */
const ROWS_PER_REQUEST = 500;
const BYTES_PER_REQUEST = 5_000_000;
const ROWS_PER_PAGE = 5000;
const SHOWN = 5;

/**
 * Streams rows into a table: the rows of the request, or those of the query that ran before. The insert ID of a row consists of
 * query and position, so that a repeated request adds nothing. An attempt continues where the one before it stopped.
 *
 * @throws ApplicationFailure `ActionFailed` with the rows that BigQuery refused
 */
export async function insertRows(deps: Dependencies, { step, context, process }: ActionCall): Promise<ActionResult> {
  const part = step.files ? (await deps.ledger.read(step.files.entry)).files : [];
  const { Dest, Data } = expandAtRun(
    { Dest: step.request.Dest ?? '', Data: step.request.Data ?? [] },
    { ...context, uris: part.map(({ url }) => url) },
  );
  const name = parseTableName(String(Dest));
  if (!name) throw newFailure('RuleInvalid', `insert: found ${Dest}; allowed is project:dataset.table`);
  const table = toReference(name, deps.config.projectId);
  const jobId = context.jobId ?? '';
  const before = doneBefore();
  const rows = step.job ? queried(deps, { ...step.job, jobId }, before) : given(Data ?? [], before);
  const ids = `${process.eventId}_${step.step}_${step.job ? hash(jobId) : 'data'}`;
  let at = before;
  let request: StreamedRow[] = [];
  let bytes = 0;
  const send = async () => {
    if (request.length > 0) await stream(deps, table, request, step.prepare !== undefined);
    request = [];
    bytes = 0;
    Context.current().heartbeat({ inserted: at });
  };
  for await (const json of rows) {
    const size = Buffer.byteLength(JSON.stringify(json));
    if (request.length === ROWS_PER_REQUEST || bytes + size > BYTES_PER_REQUEST) await send();
    at += 1;
    request.push({ insertId: `${ids}_${at}`, json });
    bytes += size;
  }
  await send();
  return { rows: at };
}

/** Number of rows that the attempt before has inserted. */
function doneBefore(): number {
  const details: unknown = Context.current().info.heartbeatDetails;
  return typeof details === 'object' && details !== null && 'inserted' in details ? Number(details.inserted) : 0;
}

async function* given(data: JsonValue, from: number): AsyncGenerator<JsonObject> {
  const rows: readonly JsonValue[] = isList(data) ? data : [data];
  for (const row of rows.slice(from)) {
    if (typeof row !== 'object' || row === null || isList(row)) {
      const found = JSON.stringify(row);
      throw newFailure('RuleInvalid', `insert: Data: found ${found}; allowed is a list of rows, each an object`);
    }
    yield row;
  }
}

async function* queried(deps: Dependencies, job: QueryJob, from: number): AsyncGenerator<JsonObject> {
  for (let at = from; ; ) {
    const { fields, rows } = await deps.bigQuery
      .resultPage(job, at, ROWS_PER_PAGE)
      .catch((error: unknown): ResultPage => {
        throw toFailure(error, `rows of job ${job.jobId}`);
      });
    for (const row of rows) yield insertable(row, fields);
    // A page of long rows may be shorter than requested, so only an empty one is the last.
    if (rows.length === 0) return;
    at += rows.length;
  }
}

async function stream(
  deps: Dependencies,
  table: TableReference,
  rows: readonly StreamedRow[],
  isNew: boolean,
): Promise<void> {
  const { projectId, datasetId, tableId } = table;
  const what = `inserting into ${projectId}.${datasetId}.${tableId}`;
  const refused = await deps.bigQuery.insertRows(table, rows).catch((error: unknown) => {
    // Streaming does not see a new table at once.
    if (isNew && statusOf(error) === 404) throw newFailure('Unavailable', `${what}: ${error}`);
    throw toFailure(error, what);
  });
  const wrong = refused.filter(({ reason }) => reason !== 'stopped');
  if (refused.length === 0) return;
  const described = wrong
    .slice(0, SHOWN)
    .map(({ insertId, reason, message }) => `row ${insertId}: ${reason}: ${message}`);
  throw newFailure('ActionFailed', `${what}: ${wrong.length} rows refused: ${described.join('; ')}`, {
    details: {
      rows: described,
    },
  });
}
