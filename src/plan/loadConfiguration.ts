import { definedFields, isObject, type JsonObject } from '../json';
import { formatOf } from '../rules/fileFormat';
import type { PlanningFacts } from './facts';
import { type Layout, loadTarget } from './layout';
import { unfiltered } from './tableResource';

/** Attributes that the load must not set if the table exists, because the table defines them. */
const TABLE_ATTRIBUTES = ['timePartitioning', 'rangePartitioning', 'clustering'] as const;

/**
 * REST configuration of the load, without sources and write disposition. The format of the first URL overrules
 * `SourceFormat`. Without a template or autodetection, columns and partitioning are those of the destination.
 */
export function loadConfiguration(facts: PlanningFacts, layout: Layout): JsonObject {
  const { dest } = facts.rule;
  const format = formatOf(facts.files[0]?.url ?? '') ?? dest.load.sourceFormat;
  return {
    ...attributes(facts, layout),
    ...columns(facts, layout),
    ...(format && { sourceFormat: format }),
    ...(format === 'AVRO' && { useAvroLogicalTypes: true }),
    createDisposition: dest.load.createDisposition ?? 'CREATE_IF_NEEDED',
    destinationTable: { ...loadTarget(layout) },
  };
}

function attributes({ rule }: PlanningFacts, layout: Layout): JsonObject {
  const attributesOfRule: JsonObject = JSON.parse(JSON.stringify(rule.dest.load));
  const tableExists = usesTemplate(rule.dest, layout) || layout.temporary?.loaded.resource !== undefined;
  if (!tableExists) return attributesOfRule;
  return Object.fromEntries(
    Object.entries(attributesOfRule).filter(([key]) => !TABLE_ATTRIBUTES.some((name) => name === key)),
  );
}

function columns({ rule }: PlanningFacts, layout: Layout): JsonObject {
  if (layout.autodetect) return { autodetect: true };
  if (usesTemplate(rule.dest, layout)) return {};
  const { schema, timePartitioning, rangePartitioning, clustering } =
    layout.temporary?.loaded.resource ?? layout.existing ?? {};
  return definedFields({
    schema,
    timePartitioning: isObject(timePartitioning) ? unfiltered(timePartitioning) : undefined,
    rangePartitioning,
    clustering,
  });
}

/** Whether the loaded table is created from a template, and so has columns and partitioning before the load. */
function usesTemplate({ transient }: PlanningFacts['rule']['dest'], { template }: Layout): boolean {
  return template !== undefined || transient?.template !== undefined;
}
