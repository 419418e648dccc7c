import type { TableReference } from '../../rules/tableReference';
import { quotedTable } from '../destination';
import { identifier } from './identifiers';
import { select, selectedNames } from './select';
import type { Selection } from './selection';

/**
 * The DML that appends the rows of a SELECT to a table, named with its project and in back-quotes (spec 2, section 7,
 * no. 11 and 12).
 *
 * @example insertInto({ projectId: 'p', datasetId: 'ds', tableId: 't' }, selection) // 'INSERT INTO `p.ds.t`(id) SELECT …'
 */
export function insertInto(table: TableReference, selection: Selection): string {
  const names = selectedNames(selection).map(identifier).join(',');
  return `INSERT INTO ${quotedTable(table)}(${names}) ${select(selection)}`;
}
