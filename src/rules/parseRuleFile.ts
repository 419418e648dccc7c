import { isList, type JsonPath, without } from '../json';
import { nearest } from '../schema/didYouMean';
import { type Fitted, fitToSchema } from '../schema/fitToSchema';
import { checkRule } from './checks/checkRule';
import { typeProblems } from './checks/typeProblems';
import { type RuleCode, type RuleProblem, refuses, ruleMessage } from './errorCodes';
import { type Details, FileReport } from './fileReport';
import { whyIgnored } from './legacyKeys';
import { normalise } from './normalise';
import { fileRule } from './rule';
import { ruleNames, type UnnamedRule } from './ruleNames';
import { readJson, readYaml, type SourceText } from './sourceText';
import type { JsonValue, Rule } from './types';

/** Result of parsing a rule file. With problems, `rules` is empty: a file is loaded as a whole or not at all. */
export interface ParsedRuleFile {
  readonly rules: readonly Rule[];
  /** Each of them keeps the file from being loaded. */
  readonly problems: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/** Whether a file below RulesURL is a rule file. As in viant/bqtail, its extension is exactly `.json` or `.yaml`. */
export function isRuleFile(url: string): boolean {
  return url.endsWith('.json') || url.endsWith('.yaml');
}

/**
 * Warnings about files below RulesURL that are neither rule files nor named by rules, since their author may expect them to be
 * rules. Folders, and the cache file of viant/bqtail (`_.cache`), cause no warning.
 *
 * @param named URLs of texts that rules refer to.
 * @example ignoredFiles(['gs://c/Rules/a.yml'], new Set())[0]?.code // 'FileIgnored'
 */
export function ignoredFiles(urls: readonly string[], named: ReadonlySet<string>): readonly RuleProblem[] {
  const ignored = urls.filter((url) => !isRuleFile(url) && !named.has(url) && !/(\/|\/_\.cache)$/.test(url));
  return ignored.map((url) => {
    const values = { path: '', found: extensionOf(url), allowed: EXTENSIONS };
    return { code: 'FileIgnored', url, ...values, message: ruleMessage('FileIgnored', values) };
  });
}

const EXTENSIONS = '.json or .yaml';

function extensionOf(url: string): string {
  return /[^/](\.[^./]*)$/.exec(url)?.[1] ?? 'no extension';
}

/**
 * Parses a rule file, collects all its problems at once, and normalises its rules. A `.json` file contains an object or an
 * array, a `.yaml` file a mapping or a sequence. Never throws.
 *
 * @example parseRuleFile('gs://c/Rules/a.yaml', 'When: {Prefix: /a/}\nDest: {Table: ds.a}').rules[0]?.id // 'gs://c/Rules/a.yaml#df2b1deb'
 */
export function parseRuleFile(url: string, text: string): ParsedRuleFile {
  const file = new FileReport(url);
  const json = url.endsWith('.json');
  if (!isRuleFile(url)) {
    file.add('ExtensionInvalid', [], { found: extensionOf(url), allowed: EXTENSIONS });
    return resultOf(file, []);
  }
  const source = json ? readJson(text) : readYaml(text);
  if (source.kind === 'unreadable') {
    file.add(source.code, [], { found: source.reason, allowed: json ? 'JSON' : 'YAML' }, source.position);
    return resultOf(file, []);
  }
  file.positionOf = source.positionOf;
  if (source.moreDocuments) file.add('DocumentIgnored', []);
  if (source.data === null) {
    file.add('FileEmpty', []);
    return resultOf(file, []);
  }
  const whole = isList(source.data) ? source.data : [source.data];
  const read = whole.map((data, position) => readRule(data, source, isList(source.data) ? [position] : [], json, file));
  const names = ruleNames(read, file);
  const rules = read.map(({ rule }, position) => normalise(rule, { url, position, name: names[position] ?? '', json }));
  return resultOf(file, rules);
}

/** One rule without its fields of a wrong type, which are reported. */
function readRule(data: JsonValue, source: SourceText, base: JsonPath, json: boolean, file: FileReport): UnnamedRule {
  const fitted = fitToSchema(fileRule, data, { lenient: source.types === 'lenient' });
  const own = (path: JsonPath): JsonPath => [...base, ...fitted.ownPath(path)];
  reportKeys(fitted, own, file);

  const wrong = typeProblems(fileRule, fitted.value);
  for (const { code, path, found, allowed } of wrong) file.add(code, own(path), { found, allowed });
  const left = fileRule.safeParse(
    wrong.reduce<unknown>((value, { path, filler }) => without(value, path, filler), fitted.value),
  );
  const rule = left.data ?? {};

  const isWrong = (path: JsonPath): boolean =>
    wrong.some((problem) => problem.path.every((step, at) => path[at] === step));
  checkRule(
    rule,
    (code, path, details) => {
      if (isWrong(path) || (code === 'TransientMissing' && isWrong(['Dest', 'Transient']))) return;
      if (code === 'KeyUnknown') file.add(...keyRemark(path, String(details?.allowed).split(', '), own(path)));
      else file.add(code, own(path), details);
    },
    { json },
  );
  return { rule, own };
}

function reportKeys(fitted: Fitted, own: (path: JsonPath) => JsonPath, file: FileReport): void {
  for (const { code, path, knownKeys } of fitted.remarks) {
    if (code === 'KeyRepeated') file.add(code, own(path), { found: path.at(-1) });
    else file.add(...keyRemark(path, knownKeys, own(path)));
  }
}

function keyRemark(path: JsonPath, knownKeys: readonly string[], own: JsonPath): [RuleCode, JsonPath, Details] {
  const key = String(path.at(-1));
  const reason = whyIgnored(path);
  if (reason !== undefined) return ['KeyIgnored', own, { found: key, allowed: reason }];
  const near = nearest(key, knownKeys);
  return ['KeyUnknown', own, { found: key, allowed: near === undefined ? '' : `; did you mean ${near}?` }];
}

function resultOf(file: FileReport, rules: readonly Rule[]): ParsedRuleFile {
  const problems = file.remarks.filter(({ code }) => refuses(code));
  const warnings = file.remarks.filter(({ code }) => !refuses(code));
  return { rules: problems.length === 0 ? rules : [], problems, warnings };
}
