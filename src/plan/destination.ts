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

/** What the names of a batch's tables are made from. */
export type NamingFacts = Pick<PlanningFacts, 'rule' | 'batch' | 'defaultProject'>;

/** One target of a split, in the rule's order. */
export interface SplitTarget {
  /** SQL condition, unexpanded. */
  readonly when: string;
  readonly table: TableReference;
}

/**
 * The table that the batch ends up in, its partition included (spec 2, section 7, no. 1: for direct loads too).
 *
 * @throws PlanError when the expanded name is no table name.
 */
export function destinationOf(facts: NamingFacts): TableReference {
  return withPartition(facts, facts.batch.process.dest, 'Dest.Table');
}

/** The destination's text, all variables expanded, as `$DestTable`. */
export function destinationText({ batch }: NamingFacts): string {
  return expandText(batch.process.dest, batch.process.params);
}

/**
 * The targets of Schema.Split, each with the destination's partition.
 *
 * @throws PlanError when an expanded name is no table name.
 */
export function splitTargets(facts: NamingFacts): readonly SplitTarget[] {
  return expanded(facts).mapping.map(({ when, table }, at) => ({
    when,
    table: withPartition(facts, table, `Dest.Schema.Split.Mapping[${at}].Then`),
  }));
}

/**
 * The table of a field of the rule, e.g. a template.
 *
 * @throws PlanError when the text is no table name.
 */
export function tableOf(rule: Rule, field: string, text: string, defaultProject: string): TableReference {
  const name = parseTableName(text);
  if (name) return toReference(name, defaultProject);
  throw new PlanError({ ruleId: rule.id, field, found: text, allowed: '[project:]dataset.table' });
}

/** The temporary table of the batch; with `s` before the event ID it is the one that a split extracts from. */
export function temporaryTable(facts: NamingFacts, dataset: string, mark: '' | 's' = ''): TableReference {
  const { process } = facts.batch;
  const [table] = destinationOf(facts).tableId.split('$');
  return { projectId: process.projectId, datasetId: dataset, tableId: `${table}_${mark}${process.eventId}` };
}

/**
 * A table as SQL names it.
 *
 * @example quotedTable({ projectId: 'p', datasetId: 'd', tableId: 't' }) // '`p.d.t`'
 */
export function quotedTable({ projectId, datasetId, tableId }: TableReference): string {
  return `\`${standardName({ project: projectId, dataset: datasetId, table: tableId })}\``;
}

function withPartition(facts: NamingFacts, table: string, field: string): TableReference {
  const { rule, batch, defaultProject } = facts;
  const given = rule.dest.partition === undefined ? undefined : expanded(facts).partition;
  const text = expandText(table, batch.process.params);
  const name = parseTableName(text);
  const fault = { ruleId: rule.id, field, found: text };
  if (!name) throw new PlanError({ ...fault, allowed: '[project:]dataset.table' });
  if (given === undefined) return toReference(name, defaultProject);
  if (name.partition !== undefined)
    throw new PlanError({ ...fault, allowed: 'a table without $partition, since Dest.Partition is set' });
  const partitioned: TableName = { ...name, partition: expandText(given, batch.process.params) };
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
      allowed: 'a name that can be made',
    });
  }
}
