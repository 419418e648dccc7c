import { ApplicationFailure } from '@temporalio/common';
import { expandAtRun } from '../plan/expandAtRun';
import type { ActionStep } from '../plan/steps';
import { parseTableName, toReference } from '../rules/tableReference';
import { toFailure } from './bigQueryErrors';
import type { Dependencies } from './dependencies';
import type { Circumstances } from './runJob';

/** Deletes the table that a drop names. */
export async function dropTable(
  step: ActionStep,
  circumstances: Circumstances = {},
  deps: Dependencies,
): Promise<void> {
  const { Table } = expandAtRun(step.request, circumstances);
  const name = parseTableName(String(Table));
  if (!name)
    throw ApplicationFailure.nonRetryable(`drop: found ${Table}; allowed is project:dataset.table`, 'RuleInvalid');
  await deps.bigQuery.deleteTable(toReference(name, deps.config.projectId)).catch((error: unknown) => {
    throw toFailure(error, `dropping ${Table}`);
  });
}
