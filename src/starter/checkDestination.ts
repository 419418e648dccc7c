import { type ExpandedDestination, expandDestination, type FileFacts, NameInvalid } from '../rules/destination';
import { parseTableName } from '../rules/tableReference';
import type { Rule } from '../rules/types';

/** What BigQuery takes in names, and what stands for variables that are put in at load time. */
const CHARACTERS = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}.:$`{}()]+$/u;
const LONGEST = 1024;

/**
 * The destination of a file, whose name may have been made of the file's own: it becomes part of workflow IDs and of the
 * journal's paths, so what is no table's name is refused here.
 *
 * @throws NameInvalid
 */
export function checkedDestination(rule: Rule, file: FileFacts): ExpandedDestination {
  // BigQuery would load whatever matches, a second time.
  if (file.url.includes('*')) throw new NameInvalid(`${file.url}: a load takes * for any text: rename the object`);
  const destination = expandDestination(rule, file);
  const { table } = destination;
  const good = CHARACTERS.test(table) && !table.includes('..') && table.length <= LONGEST;
  if (good && parseTableName(table)) return destination;
  throw new NameInvalid(
    `${rule.id}: Dest.Table: found ${JSON.stringify(table.slice(0, 200))} for ${file.url}; allowed is [project:]dataset.table`,
  );
}
