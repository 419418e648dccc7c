import { isObject, parseJson } from '../../json';
import { addFields } from '../../plan/recovery/addFields';
import type { BadFile } from '../../plan/recovery/badFiles';
import type { FailedLoad } from '../../plan/recovery/failedLoad';
import { FieldInference, hasPath, missingFields } from '../../plan/recovery/inferFields';
import { type Field, fieldsOf, withFields } from '../../plan/schema';
import type { LoadStep } from '../../plan/steps';
import type { Rule } from '../../rules/types';
import { planningFacts } from '../batch/planBatch';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';
import { prepareTables } from './prepareTables';

/** Number of characters of a file that are read to find its columns. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
const UNKNOWN = /No such field: ([\w.]*\w)/;

/** Result of adding columns. */
export interface Addition {
  /** URLs of files whose unknown columns the tables have now. */
  readonly cured: ReadonlySet<string>;
  /** The step with the new columns; absent when none were added. */
  readonly step?: LoadStep;
}

/**
 * Adds the missing columns of JSON files to the tables, if the rule has AllowFieldAddition. Reads the whole file, so that one
 * attempt adds all of its new columns, with types that fit all of its rows.
 */
export async function addMissingFields(
  deps: Dependencies,
  { step, batch, workflowId }: FailedLoad,
  rule: Rule,
  bad: readonly BadFile[],
): Promise<Addition> {
  const unknown = bad.filter(({ message }) => UNKNOWN.test(message));
  if (!rule.dest.allowFieldAddition || unknown.length === 0 || !readsJson(step)) return { cured: new Set() };
  const fieldsOfTable = await knownFields(deps, step);
  const candidates = await Promise.all(unknown.map(async (file) => ({ file, fields: await fieldsIn(deps, file.url) })));
  const cured = candidates.filter(({ file, fields }) => hasPath(fields, UNKNOWN.exec(file.message)?.[1] ?? ''));
  const added = cured.reduce<readonly Field[]>(
    (all, { fields }) => withFields(all, missingFields(fields, fieldsOfTable)),
    [],
  );
  const urls = new Set(cured.map(({ file }) => file.url));
  // An earlier attempt has added them.
  if (added.length === 0) return { cured: urls };
  const facts = await planningFacts(deps, rule, batch, workflowId, undefined);
  const { prepare, step: widened } = addFields(facts, step, added);
  await prepareTables(deps, prepare);
  return { cured: urls, step: widened };
}

/** Columns of a load: those of its configuration, else those of its table. */
export async function knownFields(deps: Dependencies, { job }: LoadStep): Promise<readonly Field[]> {
  const { load } = job.configuration;
  if (!isObject(load)) return [];
  if (isObject(load.schema)) return fieldsOf({ schema: load.schema });
  const { destinationTable: table } = load;
  if (!isObject(table)) return [];
  const reference = {
    projectId: String(table.projectId),
    datasetId: String(table.datasetId),
    tableId: String(table.tableId),
  };
  const resource = await deps.bigQuery.getTable(reference).catch((error: unknown) => {
    throw toFailure(error, `reading table ${reference.tableId}`);
  });
  return resource ? fieldsOf(resource) : [];
}

function readsJson({ job }: LoadStep): boolean {
  const { load } = job.configuration;
  return isObject(load) && load.sourceFormat === 'NEWLINE_DELIMITED_JSON';
}

/**
 * Columns of all rows of a file. Skips lines that are not JSON objects, because the load reports them. Returns no columns when the
 * file was deleted or its gzip data are corrupt.
 */
async function fieldsIn(deps: Dependencies, url: string): Promise<readonly Field[]> {
  const inference = new FieldInference();
  let characters = 0;
  try {
    for await (const line of deps.objects.lines(url)) {
      const row = parseJson(line);
      if (isObject(row)) inference.add(row);
      characters += line.length;
      if (characters > MOST_CHARACTERS) break;
    }
  } catch (error) {
    if (!isOfFile(error)) throw error;
    return [];
  }
  return inference.fields(`Added auto: from location: ${url}, at: ${new Date().toISOString()}`);
}

/** Whether the file is the cause that reading failed, not the service. */
function isOfFile(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return code === 404 || (typeof code === 'string' && code.startsWith('Z_'));
}
