import { parseTableName, type TableReference, toReference } from '../rules/tableReference';
import type { Action, JsonObject, JsonValue, Rule } from '../rules/types';
import { expandText } from '../rules/variables';
import type { ActionStep, BatchFiles, Plan, SealedBatch } from './plan';

/** A rule that cannot be planned; the message names the field. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** What a plan is made from besides the batch. */
export interface PlanningFacts {
  readonly rule: Rule;
  readonly batch: SealedBatch;
  /** Project of tables that name none. */
  readonly defaultProject: string;
  /** Resource of the destination table; absent when it does not exist. */
  readonly destination?: JsonObject;
}

/** Format by a text in the first URL, lower-cased; the first hit wins (spec 2, section 1.4). */
const FORMATS: readonly (readonly [string, string])[] = [
  ['.csv', 'CSV'],
  ['.avro', 'AVRO'],
  ['.parquet', 'PARQUET'],
  ['.json', 'NEWLINE_DELIMITED_JSON'],
];

/**
 * The table that a batch is loaded into, its partition included.
 *
 * @throws PlanError when the expanded name is no table name.
 */
export function loadTarget({ rule, batch, defaultProject }: Omit<PlanningFacts, 'destination'>): TableReference {
  const partition =
    rule.dest.partition === undefined ? '' : `$${expandText(rule.dest.partition, batch.process.params)}`;
  const text = expandText(batch.process.dest, batch.process.params) + partition;
  const name = parseTableName(text);
  if (!name) throw new PlanError(`${rule.id}: Dest.Table: found ${text}; allowed is [project:]dataset.table`);
  return toReference(name, defaultProject);
}

/**
 * The plan of a load straight into its destination (spec 2, sections 1 and 2).
 *
 * @throws PlanError when the rule asks for what cannot be planned or the destination is missing.
 */
export function planLoad(facts: PlanningFacts): Plan {
  const { rule, batch } = facts;
  refuseUnplanned(rule);
  const steps = { next: 2 };
  const onSuccess = rule.onSuccess.map((action) => actionStep(action, batch, steps));
  const onFailure = rule.onFailure.map((action) => actionStep(action, batch, steps));
  const location = facts.destination?.location;
  return {
    process: { ...batch.process, stepCount: steps.next - 1 },
    ruleId: rule.id,
    load: {
      step: 1,
      action: 'load',
      job: {
        jobId: batch.jobId,
        projectId: batch.process.projectId,
        ...(typeof location === 'string' ? { location } : {}),
        configuration: { labels: labels(batch), load: loadConfiguration(facts) },
      },
      files: batch.files,
    },
    onSuccess,
    onFailure,
    actions: { onSuccess: rule.onSuccess, onFailure: rule.onFailure },
  };
}

/** What later steps of the product will plan, and this one must not do by half. */
function refuseUnplanned(rule: Rule): void {
  const { dest } = rule;
  const unplanned = [
    dest.transient && 'Dest.Transient',
    dest.schema.template !== undefined && 'Dest.Schema.Template',
    dest.expiry !== undefined && 'Dest.Expiry',
    rule.batch?.group && 'Batch.Group',
  ].find((field) => typeof field === 'string');
  if (unplanned) throw new PlanError(`${rule.id}: ${unplanned} is not supported yet`);
}

function loadConfiguration(facts: PlanningFacts): JsonObject {
  const { rule, batch, destination } = facts;
  const { load, schema } = rule.dest;
  const autodetect = schema.autodetect || load.autodetect === true;
  const format =
    FORMATS.find(([text]) => batch.files.sample[0]?.toLowerCase().includes(text))?.[1] ?? load.sourceFormat;
  const target = loadTarget(facts);
  if (!autodetect && !destination) {
    const name = `${target.projectId}:${target.datasetId}.${target.tableId}`;
    throw new PlanError(
      `${rule.id}: Dest.Table: ${name} does not exist, and neither Schema.Template nor Schema.Autodetect is set`,
    );
  }
  return {
    ...load,
    ...(autodetect ? { autodetect: true } : schemaOf(destination ?? {})),
    ...(format ? { sourceFormat: format } : {}),
    ...(format === 'AVRO' ? { useAvroLogicalTypes: true } : {}),
    createDisposition: load.createDisposition ?? 'CREATE_IF_NEEDED',
    writeDisposition: writeDisposition(rule),
    destinationTable: { ...target },
  };
}

/** Schema and partitioning of the destination, as the load job takes them (spec 2, section 1.3, row 4). */
function schemaOf(destination: JsonObject): JsonObject {
  const { schema, timePartitioning, rangePartitioning, clustering } = destination;
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(isObject(timePartitioning) ? { timePartitioning: { ...timePartitioning, requirePartitionFilter: false } } : {}),
    ...(rangePartitioning === undefined ? {} : { rangePartitioning }),
    ...(clustering === undefined ? {} : { clustering }),
  };
}

function writeDisposition({ dest }: Rule): string {
  const given = dest.load.writeDisposition;
  if (dest.override !== undefined) return dest.override ? 'WRITE_TRUNCATE' : (given ?? 'WRITE_APPEND');
  return given ?? 'WRITE_APPEND';
}

function actionStep(action: Action, batch: SealedBatch, steps: { next: number }): ActionStep {
  if (action.action !== 'delete' || action.when) {
    throw new PlanError(`${batch.ruleId}: the action ${action.action} is not supported yet`);
  }
  const named = [action.request.URLs, action.request.SourceURL].flat().filter((url) => typeof url === 'string');
  const own = named.filter((url) => url !== '$LoadURIs').map((url) => expandText(url, batch.process.params));
  const files: { files?: BatchFiles } = named.includes('$LoadURIs') ? { files: batch.files } : {};
  return { step: steps.next++, action: 'delete', urls: own, ...files };
}

/** Labels that tell in the job history what was loaded; values are cut to what BigQuery takes. */
function labels({ process, ruleId }: SealedBatch): JsonObject {
  const value = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '_')
      .slice(-63);
  return { bqtail_rule: value(ruleId), bqtail_dest: value(process.dest), bqtail_event: value(process.eventId) };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
