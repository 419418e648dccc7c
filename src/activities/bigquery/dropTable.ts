import { newFailure } from '../../failures';
import { expandAtRun } from '../../plan/expandAtRun';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import { parseTableName, toReference } from '../../rules/tableReference';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';

/** Deletes the table of a drop action. @throws ApplicationFailure `RuleInvalid` for a bad table name */
export async function dropTable(deps: Dependencies, { step, context }: ActionCall): Promise<ActionResult> {
  const { Table } = expandAtRun(step.request, context);
  const name = parseTableName(String(Table));
  if (!name) throw newFailure('RuleInvalid', `drop: found ${Table}; allowed is project:dataset.table`);
  await deps.bigQuery.deleteTable(toReference(name, deps.config.projectId)).catch((error: unknown) => {
    throw toFailure(error, `dropping ${Table}`);
  });
  return {};
}
