import { fromReference, legacyName } from '../rules/tableReference';
import { actionSteps } from './actions/actionSteps';
import { quotedTable } from './destination';
import { locationOf, type PlanningFacts } from './facts';
import { type Layout, layoutOf } from './layout';
import { loadContext } from './loadContext';
import { loadStages } from './loadStages';
import type { Plan } from './plan';
import type { PlanningContext } from './planningContext';
import { prepareSteps } from './prepare';
import { withoutSecrets } from './secretPlaceholder';
import type { ActionStep } from './steps';
import { transferSteps } from './transfer';

/**
 * Plans a batch: preparation, load, transfer, actions after success or failure, clean-up. The same facts give the same plan.
 *
 * @param facts with the tables and locations in `requirements`.
 * @throws PlanError if the rule is invalid, or if a table that it needs does not exist.
 */
export function planLoad(facts: PlanningFacts): Plan {
  const { rule, batch } = facts;
  const layout = layoutOf(facts);
  const location = locationOf(facts, layout.destination);
  const tempTable = layout.temporary && quotedTable(layout.temporary.read.table);
  const context = loadContext(facts, tempTable, location);
  // Steps are numbered in the order of the plan's fields.
  const load = loadStages(facts, layout, location);
  const transfer = transferSteps(facts, layout, context);
  const onSuccess = actionSteps(rule.onSuccess, 'OnSuccess', context);
  const onFailure = actionSteps(rule.onFailure, 'OnFailure', context);
  const cleanup = cleanupSteps(layout, context);
  const stepCount = context.numbers.count;
  return {
    process: { ...batch.process, stepCount },
    ruleId: rule.id,
    performance: batch.performance,
    tempTable,
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

/** The steps that drop the temporary tables. */
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
