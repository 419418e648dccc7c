import { expandText } from '../rules/variables';
import { quotedTable, splitTargets } from './destination';
import { type PlanningFacts, tableKey, wholeTable } from './facts';
import { queryConfiguration } from './jobConfigurations';
import { type PlanningContext, plannedJob } from './planningContext';
import { fieldsOf } from './schema';
import { extractedCondition } from './splitColumns';
import { select } from './sql/select';
import type { JobStep } from './steps';
import { queryStep, selectionOf, type TransferLayout } from './transferJobs';
import { transferDisposition } from './writeDisposition';

/**
 * The jobs of Schema.Split (spec 2, section 2.5): the extraction where there is one, then the mappings from the last to the
 * first. Rows are transformed and made unique on their way into the targets, and there only (section 7, no. 36).
 */
export function splitSteps(facts: PlanningFacts, layout: TransferLayout, context: PlanningContext): readonly JobStep[] {
  const extraction = layout.temporary.extracted.length > 0 ? [extractionStep(facts, layout, context)] : [];
  const written = new Set<string>();
  const mappings = [...splitTargets(facts)].reverse().map(({ when, table }) => {
    const condition = extractedCondition(when, layout.temporary.extracted);
    // What truncates a table does so once, or it would take away the rows of the mapping before.
    const disposition = written.has(table.tableId + tableKey(table))
      ? 'WRITE_APPEND'
      : transferDisposition(facts.rule.dest);
    written.add(table.tableId + tableKey(table));
    const selection = { ...selectionOf(facts, layout), where: ` WHERE  ${condition} ` };
    return queryStep({ facts, layout, context, table, disposition, selection });
  });
  return [...extraction, ...mappings];
}

/** From the loaded table to the one with the columns that conditions and clustering need; Criteria counts here only. */
function extractionStep(facts: PlanningFacts, layout: TransferLayout, context: PlanningContext): JobStep {
  const { loaded, read, extracted } = layout.temporary;
  const step = context.numbers.next();
  const selection = {
    ...selectionOf(facts, layout),
    from: quotedTable(loaded.table),
    columns: fieldsOf(loaded.resource ?? {}),
    wanted: fieldsOf(loaded.resource ?? {}),
    transform: Object.fromEntries(extracted.map(({ field, expression }) => [field.name, expression])),
    uniqueColumns: [],
    sideInputs: [],
  };
  const sql = expandText(select(selection), context.variables);
  const configuration = queryConfiguration(sql, { table: read.table, writeDisposition: 'WRITE_TRUNCATE' });
  return {
    kind: 'job',
    step,
    action: 'query',
    job: plannedJob(context, step, 'query', configuration, wholeTable(layout.destination)),
    fills: read.table,
    onSuccess: [],
    onFailure: [],
  };
}
