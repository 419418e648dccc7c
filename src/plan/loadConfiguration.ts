import { isObject, type JsonObject } from '../json';
import type { PlanningFacts } from './facts';
import { type Layout, loadTarget } from './layout';
import { unfiltered } from './tableResource';

/** Format by a text in the first URL, lower-cased; the first hit wins (spec 2, section 1.4). */
const FORMATS: readonly (readonly [string, string])[] = [
  ['.csv', 'CSV'],
  ['.avro', 'AVRO'],
  ['.parquet', 'PARQUET'],
  ['.json', 'NEWLINE_DELIMITED_JSON'],
];

/** What a table brings along itself, so that a load must not say otherwise. */
const OF_TABLE = ['timePartitioning', 'rangePartitioning', 'clustering'] as const;

/** REST configuration of the load but for sources and write disposition (spec 2, sections 1.3 to 1.5). */
export function loadConfiguration(facts: PlanningFacts, layout: Layout): JsonObject {
  const { dest } = facts.rule;
  const format = formatOf(facts.files[0]?.url ?? '') ?? dest.load.sourceFormat;
  return {
    ...attributes(facts, layout),
    ...columns(facts, layout),
    ...(format ? { sourceFormat: format } : {}),
    ...(format === 'AVRO' ? { useAvroLogicalTypes: true } : {}),
    createDisposition: dest.load.createDisposition ?? 'CREATE_IF_NEEDED',
    destinationTable: { ...loadTarget(layout) },
  };
}

/** Format that a URL tells; undefined when it tells none. */
export function formatOf(url: string): string | undefined {
  return FORMATS.find(([text]) => url.toLowerCase().includes(text))?.[1];
}

function attributes({ rule }: PlanningFacts, layout: Layout): JsonObject {
  const given: JsonObject = JSON.parse(JSON.stringify(rule.dest.load));
  const fromTable = usesTemplate(rule.dest, layout) || layout.temporary?.loaded.resource !== undefined;
  if (!fromTable) return given;
  return Object.fromEntries(Object.entries(given).filter(([key]) => !OF_TABLE.some((name) => name === key)));
}

function columns({ rule }: PlanningFacts, layout: Layout): JsonObject {
  if (layout.autodetect) return { autodetect: true };
  if (usesTemplate(rule.dest, layout)) return {};
  const { schema, timePartitioning, rangePartitioning, clustering } =
    layout.temporary?.loaded.resource ?? layout.existing ?? {};
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(isObject(timePartitioning) ? { timePartitioning: unfiltered(timePartitioning) } : {}),
    ...(rangePartitioning === undefined ? {} : { rangePartitioning }),
    ...(clustering === undefined ? {} : { clustering }),
  };
}

/** Whether the loaded table is made from a template, and so has columns and layout before the load. */
function usesTemplate({ transient }: PlanningFacts['rule']['dest'], { template }: Layout): boolean {
  return template !== undefined || transient?.template !== undefined;
}
