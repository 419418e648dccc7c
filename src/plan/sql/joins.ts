import { parseTableName, standardName } from '../../rules/tableReference';
import type { SideInput } from '../../rules/types';

/** The joins of side inputs; empty without any. */
export function joins(sideInputs: readonly SideInput[]): string {
  return sideInputs
    .map(({ table, from, alias, on, inner }) => {
      const source = table === undefined ? `(${from ?? ''})` : joinedTable(table);
      return ` ${inner ? '' : 'LEFT'} JOIN ${source} ${alias} ON ${on}`;
    })
    .join('\n  ');
}

/** A table as written; the form of legacy SQL, which standard SQL does not read, is put into its own. */
function joinedTable(text: string): string {
  const name = text.includes(':') ? parseTableName(text) : undefined;
  return name ? `\`${standardName(name)}\`` : text;
}
