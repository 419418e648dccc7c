import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isRuleFile } from '../../rules/parseRuleFile';
import type { JsonObject } from '../../rules/types';
import { CommandError } from '../commandError';
import { readTableResource } from '../plan/tableFacts';
import { type CaseSettings, DEFAULT_SETTINGS, readSettings } from './caseSettings';
import { filesBelow, readText, readYaml } from './caseTexts';
import { expectedCalls, expectedMessages, expectedObjects, expectedTables } from './expectFiles';
import { jsonLines } from './jsonLines';
import { checked, type TestCase, testCase } from './testCase';

const RULE_FILES = ['rule.yaml', 'rule.json'];
const RULES = 'rules';
const CASE = 'case.yaml';

/** Whether a folder is a case: it contains or names a rule, and has data or expectations. */
export function isCaseFolder(files: readonly string[], folders: readonly string[]): boolean {
  const hasRule = files.some((name) => name === CASE || RULE_FILES.includes(name)) || folders.includes(RULES);
  return hasRule && (folders.includes('data') || folders.includes('expect'));
}

/**
 * Reads a case from a folder, whose files docs/testing-rules.md describes.
 *
 * @throws CommandError that names the file and its problem.
 */
export async function readCaseFolder(folder: string): Promise<TestCase> {
  const files = await filesBelow(folder);
  const own = files.includes(CASE) ? await readSettings(join(folder, CASE)) : DEFAULT_SETTINGS;
  const [rules, uploads, tables, expected] = await Promise.all([
    readRules(folder, files, own),
    readUploads(folder, files, own),
    readTables(folder, files),
    readExpectations(folder, files),
  ]);
  const named = [...tables.tables, ...expected.expectTables].flatMap(({ table }) =>
    table === undefined ? [] : [table],
  );
  const datasets = [...new Set([...own.datasets, ...named.map((table) => table.split('.').slice(0, -1).join('.'))])];
  const resources = await Promise.all(
    files
      .filter((file) => file.startsWith('resources/'))
      .map(async (file) => ({
        url: `\${rulesUrl}/${file.slice('resources/'.length)}`,
        text: await readFile(join(folder, file), 'utf8'),
      })),
  );
  const whole = {
    id: basename(resolve(folder)),
    feature: own.description ?? '',
    rules,
    resources,
    datasets: datasets.filter((dataset) => dataset !== '').map((dataset) => ({ dataset })),
    ...tables,
    uploads,
    waitSec: own.timeoutSec,
    ...expected,
    expectFailures: own.fails,
    waitUntilDue: own.waitUntilDue,
    config: own.config,
  };
  return checked(testCase, whole, folder);
}

async function readRules(folder: string, files: readonly string[], { rules, replace }: CaseSettings) {
  const inside = files.filter(
    (file) => RULE_FILES.includes(file) || (file.startsWith(`${RULES}/`) && isRuleFile(file)),
  );
  const all = [...inside, ...rules];
  if (all.length === 0)
    throw new CommandError(`${folder}: no rule`, 'add rule.yaml, or list rule files under rules in case.yaml');
  return Promise.all(
    all.map(async (file) => {
      const text = await readText(resolve(folder, file));
      const changed = Object.entries(replace).reduce((result, [from, to]) => result.replaceAll(from, () => to), text);
      return { file: file.replace(/^(?:\.\.\/)+|^rules\//, ''), text: changed };
    }),
  );
}

async function readUploads(folder: string, files: readonly string[], { uploads, expand }: CaseSettings) {
  const times = new Map(uploads.map(({ path, afterMs = 0 }, at) => [path.replace(/^\/+/, ''), { afterMs, at }]));
  const data = files.filter((file) => file.startsWith('data/')).map((file) => file.slice('data/'.length));
  const missing = [...times.keys()].filter((path) => !data.includes(path));
  if (missing.length > 0)
    throw new CommandError(`${join(folder, CASE)}: uploads: no such file in data: ${missing.join(', ')}`);
  const positionOf = (path: string) => times.get(path)?.at ?? -1;
  const ordered = data.toSorted((left, right) => positionOf(left) - positionOf(right) || left.localeCompare(right));
  return Promise.all(
    ordered.map(async (path) => {
      const content = await readFile(join(folder, 'data', path));
      const url = `gs://\${triggerBucket}/${path}`;
      const afterMs = times.get(path)?.afterMs ?? 0;
      if (expand) return { url, afterMs, text: content.toString('utf8'), expand };
      return { url, afterMs, contentBase64: content.toString('base64') };
    }),
  );
}

async function readTables(folder: string, files: readonly string[]) {
  const inside = (ending: string) =>
    files
      .filter((file) => file.startsWith('tables/') && file.endsWith(ending))
      .map((file) => ({ file, table: file.slice('tables/'.length, -ending.length) }));
  const tables = inside('.schema.json').map(async ({ file, table }) => {
    const { schema, location: _location, ...more } = await readTableResource(join(folder, file));
    const { fields }: JsonObject = Object(schema);
    return { ...more, table, schema: fields };
  });
  const seedRows = inside('.rows.jsonl').map(async ({ file, table }) => ({
    table,
    rows: jsonLines(await readText(join(folder, file)), file),
  }));
  return { tables: await Promise.all(tables), seedRows: await Promise.all(seedRows) };
}

async function readExpectations(folder: string, files: readonly string[]) {
  const rows = files
    .filter((file) => file.startsWith('expect/') && file.endsWith('.jsonl'))
    .map(async (file) => ({
      table: file.slice('expect/'.length, -'.jsonl'.length),
      rows: jsonLines(await readText(join(folder, file)), file),
      exact: true,
    }));
  const read = async <T>(name: string, take: (data: unknown, file: string) => T): Promise<T> => {
    const file = `expect/${name}.yaml`;
    return take(files.includes(file) ? await readYaml(join(folder, file)) : [], join(folder, file));
  };
  const tables = await read('tables', expectedTables);
  return {
    ...tables,
    expectTables: [...(await Promise.all(rows)), ...tables.expectTables],
    expectObjects: await read('objects', expectedObjects),
    expectHttp: await read('calls', expectedCalls),
    expectPubsub: await read('messages', expectedMessages),
  };
}
