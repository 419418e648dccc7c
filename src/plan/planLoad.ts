import { fromReference, legacyName } from '../rules/tableReference';
import { actionSteps } from './actions/actionSteps';
import { quotedTable } from './destination';
import { locationOf, type PlanningFacts } from './facts';
import { type Layout, layoutOf } from './layout';
import { loadContext } from './loadContext';
import { loadRounds } from './loadParts';
import type { Plan } from './plan';
import type { PlanningContext } from './planningContext';
import { prepareSteps } from './prepare';
import { withoutSecrets } from './secretPlaceholder';
import type { ActionStep } from './steps';
import { transferSteps } from './transfer';

/**
 * The plan of a batch (spec 2, sections 1 and 2): what is prepared, loaded, transferred, done after success or failure, and
 * cleaned up. Pure: the same facts give the same plan.
 *
 * @param facts with the tables that `requirements` asks for.
 * @throws PlanError when the rule asks for what cannot be, or a table that it counts on does not exist.
 */
export function planLoad(facts: PlanningFacts): Plan {
  const { rule, batch } = facts;
  const layout = layoutOf(facts);
  const location = locationOf(facts, layout.destination);
  const tempTable = layout.temporary && quotedTable(layout.temporary.read.table);
  const context = loadContext(facts, tempTable, location);
  // Steps are numbered in the order of the plan's fields.
  const load = loadRounds(facts, layout, location);
  const transfer = transferSteps(facts, layout, context);
  const onSuccess = actionSteps(rule.onSuccess, 'OnSuccess', context);
  const onFailure = actionSteps(rule.onFailure, 'OnFailure', context);
  const cleanup = cleanupSteps(layout, context);
  const stepCount = context.numbers.count;
  return {
    process: { ...batch.process, stepCount },
    ruleId: rule.id,
    ...(batch.performance ? { performance: batch.performance } : {}),
    ...(tempTable === undefined ? {} : { tempTable }),
    prepare: prepareSteps(facts, layout),
    load,
    transferAfterLoad: layout.temporary !== undefined && rule.dest.allowFieldAddition && !facts.loadedTable,
    transfer,
    onSuccess,
    onFailure,
    cleanup,
    maxReload: rule.maxReload,
    stepCount,
    actions: { onSuccess: withoutSecrets(rule.onSuccess), onFailure: withoutSecrets(rule.onFailure) },
  };
}

/** Drops of the temporary tables. */
function cleanupSteps({ temporary }: Layout, { numbers }: PlanningContext): readonly ActionStep[] {
  if (!temporary) return [];
  const tables =
    temporary.extracted.length > 0 ? [temporary.read.table, temporary.loaded.table] : [temporary.read.table];
  return tables.map((table) => ({
    kind: 'action',
    step: numbers.next(),
    action: 'drop',
    request: { Table: legacyName(fromReference(table)) },
    onSuccess: [],
    onFailure: [],
  }));
}
