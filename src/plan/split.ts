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
 * The jobs of `Schema.Split`: first the extraction, if columns must be extracted, then one query per mapping. As in
 * viant/bqtail, the last mapping runs first. Only the mappings transform rows and make them unique.
 */
export function splitSteps(facts: PlanningFacts, layout: TransferLayout, context: PlanningContext): readonly JobStep[] {
  const extraction = layout.temporary.extracted.length > 0 ? [extractionStep(facts, layout, context)] : [];
  const written = new Set<string>();
  const mappings = [...splitTargets(facts)].reverse().map(({ when, table }) => {
    const condition = extractedCondition(when, layout.temporary.extracted);
    // Only the first query into a table truncates it: a second one would delete the rows of the first.
    const disposition = written.has(table.tableId + tableKey(table))
      ? 'WRITE_APPEND'
      : transferDisposition(facts.rule.dest);
    written.add(table.tableId + tableKey(table));
    const selection = { ...selectionOf(facts, layout), where: ` WHERE  ${condition} ` };
    return queryStep({ facts, layout, context, table, disposition, selection });
  });
  return [...extraction, ...mappings];
}

/** The query that adds the extracted columns. It applies `Transient.Criteria`; in the mappings, `When` takes its place. */
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
