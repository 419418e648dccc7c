import { expiryMs } from '../rules/expiry';
import { splitTargets } from './destination';
import { locationOf, type PlanningFacts, resourceOf, tableKey, wholeTable } from './facts';
import type { Layout } from './layout';
import { PlanError } from './planError';
import type { PrepareStep } from './steps';
import { changeToTemplate, TEMPORARY_LIFETIME_MS } from './tableResource';

const DEFAULT_REGION = 'US';

/**
 * The changes of datasets and tables before the load: the dataset of temporary tables, tables with templates, temporary
 * tables, and the expiry of the destination.
 */
export function prepareSteps(facts: PlanningFacts, layout: Layout): readonly PrepareStep[] {
  return [
    ...dataset(facts, layout),
    ...permanentTables(facts, layout),
    ...temporaryTables(facts, layout),
    ...expiry(facts, layout),
  ];
}

function dataset(facts: PlanningFacts, { temporary, destination }: Layout): readonly PrepareStep[] {
  const { transient } = facts.rule.dest;
  if (!transient || !temporary) return [];
  const { projectId, datasetId } = temporary.loaded.table;
  // Jobs cannot cross locations, so the location of the destination replaces the default.
  const ofDestination = transient.region === DEFAULT_REGION ? locationOf(facts, destination) : undefined;
  return [{ kind: 'createDataset', projectId, datasetId, location: ofDestination ?? transient.region }];
}

/**
 * Creates or patches the destination from `Schema.Template`, and the targets of a split from the template or the
 * destination.
 */
function permanentTables(facts: PlanningFacts, layout: Layout): readonly PrepareStep[] {
  const template = layout.template?.resource;
  const targets = facts.rule.dest.schema.split ? splitTargets(facts).map(({ table }) => table) : [];
  const steps = new Map<string, PrepareStep>();
  const apply = (target: typeof layout.destination, resource: typeof template): void => {
    const table = wholeTable(target);
    const change = resource && changeToTemplate(table, resource, resourceOf(facts, table));
    if (change) steps.set(tableKey(table), change);
  };
  apply(layout.destination, template);
  for (const target of targets) apply(target, template ?? layout.existing);
  return [...steps.values()];
}

function temporaryTables({ rule }: PlanningFacts, { temporary }: Layout): readonly PrepareStep[] {
  if (!temporary) return [];
  const { timePartitioning, rangePartitioning, clustering } = rule.dest.load;
  // If BigQuery detects the columns, the table is created without columns, unless the load also defines partitioning or
  // clustering.
  const empty = timePartitioning || rangePartitioning || clustering ? undefined : {};
  const tables = temporary.extracted.length > 0 ? [temporary.loaded, temporary.read] : [temporary.loaded];
  return tables.flatMap(({ table, resource = empty }): PrepareStep[] =>
    resource ? [{ kind: 'createTable', table, resource, lifetimeMs: TEMPORARY_LIFETIME_MS }] : [],
  );
}

function expiry({ rule }: PlanningFacts, { destination, existing, template }: Layout): readonly PrepareStep[] {
  const { expiry: text } = rule.dest;
  if (text === undefined) return [];
  const fault = { ruleId: rule.id, field: 'Dest.Expiry', found: text };
  const lifetimeMs = expiryMs(text);
  if (lifetimeMs === undefined) throw new PlanError({ ...fault, allowed: '<n><unit>, e.g. 2hours' });
  if (existing || template) return [{ kind: 'expireTable', table: wholeTable(destination), lifetimeMs }];
  throw new PlanError({
    ...fault,
    found: `${text}, while ${tableKey(destination)} does not exist`,
    allowed: 'a destination that exists or has Schema.Template',
    code: 'SchemaMissing',
  });
}
