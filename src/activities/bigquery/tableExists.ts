import { tableKey } from '../../plan/facts';
import type { TableReference } from '../../rules/tableReference';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';

/** Whether a table exists, for the When of an action. */
export async function tableExists(deps: Dependencies, table: TableReference): Promise<boolean> {
  try {
    return (await deps.bigQuery.getTable(table)) !== undefined;
  } catch (error) {
    throw toFailure(error, `reading table ${tableKey(table)}`);
  }
}
