import { expandDestination, type FileFacts, sourceDate, sourceHour } from './destination';
import { formatOf } from './fileFormat';
import type { Rule } from './types';
import { expandText } from './variables';

/**
 * A text that is equal for files that one load may take together, and differs for files that need loads of their own: by their
 * format, their tables and partition, or the values of variables in the SQL of the rule, such as `$Date` in Transform.
 *
 * @example loadVariant(rule, file) === loadVariant(rule, otherFile)
 * @throws NameInvalid when the file's name makes a table name that is not valid.
 */
export function loadVariant(rule: Rule, file: FileFacts): string {
  const { table, partition, mapping, parameters } = expandDestination(rule, file);
  const values = { Date: sourceDate(file.updatedMs), Hour: sourceHour(file.updatedMs), ...parameters };
  const sql = sqlOf(rule).map((text) => expandText(text, values));
  return JSON.stringify([formatOf(file.url), table, partition, mapping, sql]);
}

/** The SQL texts of a rule that are expanded with variables of a file. */
function sqlOf({ dest }: Rule): readonly string[] {
  const { transform, sideInputs, transient, uniqueColumns, schema } = dest;
  return [
    ...Object.values(transform),
    ...sideInputs.flatMap(({ table = '', from = '', on }) => [table, from, on]),
    transient?.criteria ?? '',
    ...uniqueColumns,
    ...(schema.split?.mapping ?? []).map(({ when }) => when),
  ];
}
