import { expiryMs } from '../rules/expiry';
import { splitTargets } from './destination';
import { locationOf, type PlanningFacts, resourceOf, tableKey, wholeTable } from './facts';
import type { Layout } from './layout';
import { PlanError } from './planError';
import type { PrepareStep } from './steps';
import { changeToTemplate, TEMPORARY_LIFETIME_MS } from './tableResource';

const DEFAULT_REGION = 'US';

/** What datasets and tables need before anything is loaded (spec 2, sections 1.7 and 6). */
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
  // Jobs cannot cross locations, so the default gives way to where the destination is.
  const destined = transient.region === DEFAULT_REGION ? locationOf(facts, destination) : undefined;
  return [{ kind: 'createDataset', projectId, datasetId, location: destined ?? transient.region }];
}

/** The destination from Schema.Template, and the targets of a split from it or from the destination. */
function permanentTables(facts: PlanningFacts, layout: Layout): readonly PrepareStep[] {
  const template = layout.template?.resource;
  const targets = facts.rule.dest.schema.split ? splitTargets(facts).map(({ table }) => table) : [];
  const steps = new Map<string, PrepareStep>();
  const apply = (decorated: typeof layout.destination, resource: typeof template): void => {
    const table = wholeTable(decorated);
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
  // A load that finds the columns itself fills an empty table without any, unless it shall lay it out, too.
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
  const found = `${text}, while ${tableKey(destination)} does not exist`;
  throw new PlanError({
    ...fault,
    found,
    allowed: 'a destination that exists or has Schema.Template',
    code: 'SchemaMissing',
  });
}
