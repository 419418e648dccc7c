import { jobId } from '../../src/journal/jobId';
import type { JsonObject } from '../../src/json';
import type { PlanningFacts } from '../../src/plan/facts';
import type { Plan } from '../../src/plan/plan';
import { planLoad } from '../../src/plan/planLoad';
import { parseRuleFile } from '../../src/rules/parseRuleFile';
import { parseTableName, standardName } from '../../src/rules/tableReference';
import type { Rule } from '../../src/rules/types';

/** The common fixture: one file, event 777, project `p` in the configuration, project `proj-t` in Transient. */
const UPDATED = Date.parse('2020-01-02T13:04:05Z');
const URL = 'gs://trig/data/a.json';

export const F = fields(['id', 'INTEGER', 'REQUIRED'], ['type_id', 'INTEGER'], ['name', 'STRING']);

export const N: JsonObject = {
  fields: [
    { name: 'id', type: 'INTEGER' },
    { name: 'info', type: 'RECORD', fields: [{ name: 'key', type: 'STRING' }] },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  ],
};

export function fields(...columns: readonly (readonly [string, string, string?])[]): JsonObject {
  return { fields: columns.map(([name, type, mode]) => ({ name, type, ...(mode ? { mode } : {}) })) };
}

export interface Given {
  /** Fields of Dest besides `Table: ds.t`. */
  readonly dest?: object;
  /** Other fields of the rule. */
  readonly rule?: object;
  /** Resources or schemas by table, as rules write it. By default `ds.t` has the schema F. */
  readonly tables?: Readonly<Record<string, object>>;
  readonly facts?: Partial<PlanningFacts>;
}

export function readRule(given: object): Rule {
  const { rules, problems } = parseRuleFile('gs://c/Rules/orders.json', JSON.stringify(given));
  const [rule] = rules;
  if (!rule) throw new Error(problems.map(({ message }) => message).join('\n'));
  return rule;
}

/** Facts of the common fixture. The jobs of a rule with Transient run in `proj-t` by default. */
export function factsOf({ dest = {}, rule = {}, tables = {}, facts = {} }: Given): PlanningFacts {
  const read = readRule({ ID: 'orders', Dest: { Table: 'ds.t', ...dest }, ...rule });
  const projectId = read.dest.transient ? (read.dest.transient.projectId ?? 'proj-t') : 'p';
  const name = { dest: read.dest.table, eventId: '777', async: read.async };
  return {
    rule: read,
    batch: {
      ruleId: read.id,
      jobId: jobId({ ...name, step: 1, action: 'load' }),
      files: { entry: 'gs://j/Ledger/1.json', count: 1, bytes: 10, sample: [URL] },
      process: {
        ...name,
        startedMs: UPDATED,
        source: { url: URL, updatedMs: UPDATED },
        ruleUrl: read.url,
        projectId,
        params: { Date: '20200102', Hour: '13', EventID: '777' },
        stepCount: 1,
      },
    },
    files: [{ url: URL, size: 10 }],
    defaultProject: 'p',
    jobId: (step, action) => jobId({ ...name, step, action }),
    tables: Object.fromEntries(
      Object.entries({ 'ds.t': F, ...tables }).flatMap(([table, resource]) =>
        Object.keys(resource).length === 0 ? [] : [[keyOf(table), resourceFrom(resource)]],
      ),
    ),
    locations: {},
    journal: {
      processUrl: 'gs://j/Running/ds.t/777.run',
      doneProcessUrl: 'gs://j/Done/ds.t/777.run',
      failedUrl: 'gs://j/failed',
    },
    ...facts,
  };
}

export function plan(given: Given): Plan {
  return planLoad(factsOf(given));
}

function resourceFrom(resource: object): JsonObject {
  const given: JsonObject = JSON.parse(JSON.stringify(resource));
  return { location: 'US', ...(given.fields ? { schema: given } : given) };
}

function keyOf(table: string): string {
  const name = parseTableName(table);
  if (!name) throw new Error(table);
  return standardName({ ...name, project: name.project ?? 'p' });
}
