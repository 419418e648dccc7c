import { expandDestination, NameInvalid } from '../rules/destination';
import {
  parseTableName,
  standardName,
  type TableName,
  type TableReference,
  toReference,
} from '../rules/tableReference';
import type { Rule } from '../rules/types';
import { expandText } from '../rules/variables';
import type { PlanningFacts } from './facts';
import { PlanError } from './planError';

/** The facts that the names of a batch's tables depend on. */
export type NamingFacts = Pick<PlanningFacts, 'rule' | 'batch' | 'defaultProject'>;

/** One mapping of `Schema.Split`. */
export interface SplitTarget {
  /** SQL condition, unexpanded. */
  readonly when: string;
  readonly table: TableReference;
}

/**
 * The destination of the batch with its partition. The partition counts for direct loads, too: without it, `Override` would
 * truncate the whole table (docs/compatibility.md#partitions).
 *
 * @throws PlanError if the expanded name is not a table name.
 */
export function destinationOf(facts: NamingFacts): TableReference {
  return withPartition(facts, facts.batch.process.dest, 'Dest.Table');
}

/** The destination as the rule writes it, with all variables expanded: the value of `$DestTable`. */
export function destinationText({ batch }: NamingFacts): string {
  return expandText(batch.process.dest, batch.process.params);
}

/**
 * The targets of `Schema.Split` in the rule's order, each with the partition of the destination.
 *
 * @throws PlanError if an expanded name is not a table name.
 */
export function splitTargets(facts: NamingFacts): readonly SplitTarget[] {
  return expanded(facts).mapping.map(({ when, table }, at) => ({
    when,
    table: withPartition(facts, table, `Dest.Schema.Split.Mapping[${at}].Then`),
  }));
}

/**
 * The table that a field of the rule names, e.g. a template.
 *
 * @throws PlanError if the text is not a table name.
 */
export function tableOf(rule: Rule, field: string, text: string, defaultProject: string): TableReference {
  const name = parseTableName(text);
  if (name) return toReference(name, defaultProject);
  throw new PlanError({ ruleId: rule.id, field, found: text, allowed: '[project:]dataset.table' });
}

/**
 * The temporary table of the batch.
 *
 * @param prefix `s` for the table that a split with extracted columns loads first.
 * @example temporaryTable(facts, 'temp').tableId // 't_777'
 */
export function temporaryTable(facts: NamingFacts, dataset: string, prefix: '' | 's' = ''): TableReference {
  const { process } = facts.batch;
  const [table] = destinationOf(facts).tableId.split('$');
  return { projectId: process.projectId, datasetId: dataset, tableId: `${table}_${prefix}${process.eventId}` };
}

/**
 * The name of a table in standard SQL.
 *
 * @example quotedTable({ projectId: 'p', datasetId: 'd', tableId: 't' }) // '`p.d.t`'
 */
export function quotedTable({ projectId, datasetId, tableId }: TableReference): string {
  return `\`${standardName({ project: projectId, dataset: datasetId, table: tableId })}\``;
}

function withPartition(facts: NamingFacts, table: string, field: string): TableReference {
  const { rule, batch, defaultProject } = facts;
  const partition = rule.dest.partition === undefined ? undefined : expanded(facts).partition;
  const text = expandText(table, batch.process.params);
  const name = parseTableName(text);
  const fault = { ruleId: rule.id, field, found: text };
  if (!name) throw new PlanError({ ...fault, allowed: '[project:]dataset.table' });
  if (partition === undefined) return toReference(name, defaultProject);
  if (name.partition !== undefined)
    throw new PlanError({ ...fault, allowed: 'a table without $partition, because Dest.Partition is set' });
  const partitioned: TableName = { ...name, partition: expandText(partition, batch.process.params) };
  return toReference(partitioned, defaultProject);
}

function expanded({ rule, batch }: NamingFacts): ReturnType<typeof expandDestination> {
  try {
    return expandDestination(rule, batch.process.source);
  } catch (error) {
    if (!(error instanceof NameInvalid)) throw error;
    throw new PlanError({
      ruleId: rule.id,
      field: 'Dest.Table',
      found: error.message,
      allowed: 'a name that can be expanded',
    });
  }
}
