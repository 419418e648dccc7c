import { isList, without } from '../json';
import { nearest } from '../schema/didYouMean';
import { type Fitted, fitToSchema } from '../schema/fitToSchema';
import { checkRule } from './checks/checkRule';
import { typeProblems } from './checks/typeProblems';
import { type RuleCode, type RuleProblem, refuses, ruleMessage } from './errorCodes';
import { type Details, FileReport } from './fileReport';
import { whyIgnored } from './legacyKeys';
import { normalise } from './normalise';
import { type FileRule, fileRule } from './rule';
import { type OwnPath, readJson, readYaml, type SourceText } from './sourceText';
import type { JsonValue, Rule } from './types';

/** What a rule file says. `rules` is empty when there are problems: a file serves as a whole or not at all. */
export interface ParsedRuleFile {
  readonly rules: readonly Rule[];
  /** Each keeps the file from serving. */
  readonly problems: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/** Whether the loader reads a file below RulesURL: the extension is exactly `.json` or `.yaml` (spec 1, section 1.5). */
export function isRuleFile(url: string): boolean {
  return url.endsWith('.json') || url.endsWith('.yaml');
}

/**
 * What to say of files below RulesURL that are read neither as rules nor by them: somebody may think that they serve. Folders
 * and the original's cache (`_.cache`) need no word.
 *
 * @param named texts that rules name by URL.
 * @example ignoredFiles(['gs://c/Rules/a.yml'], new Set())[0]?.code // 'FileIgnored'
 */
export function ignoredFiles(urls: readonly string[], named: ReadonlySet<string>): readonly RuleProblem[] {
  const strange = urls.filter((url) => !isRuleFile(url) && !named.has(url) && !/(\/|\/_\.cache)$/.test(url));
  return strange.map((url) => {
    const places = { path: '', found: extensionOf(url), allowed: EXTENSIONS };
    return { code: 'FileIgnored', url, ...places, message: ruleMessage('FileIgnored', places) };
  });
}

const EXTENSIONS = '.json or .yaml';

function extensionOf(url: string): string {
  return /[^/](\.[^./]*)$/.exec(url)?.[1] ?? 'without extension';
}

/**
 * Reads a rule file, finds everything that is wrong with it at once, and normalises its rules (spec 1, sections 1.5 to 2.7).
 * `.json` holds an object or an array, `.yaml` a mapping or a sequence. Never throws.
 *
 * @example parseRuleFile('gs://c/Rules/a.yaml', 'When: {Prefix: /a/}\nDest: {Table: ds.a}').rules[0]?.id // 'gs://c/Rules/a.yaml#0'
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
    file.add(source.code, [], { found: source.reason, allowed: json ? 'JSON' : 'YAML' }, source.place);
    return resultOf(file, []);
  }
  file.place = source.place;
  if (source.moreDocuments) file.add('DocumentIgnored', []);
  if (source.data === null) {
    file.add('FileEmpty', []);
    return resultOf(file, []);
  }
  const whole = isList(source.data) ? source.data : [source.data];
  const rules = whole.map((data, position) => {
    const base: OwnPath = isList(source.data) ? [position] : [];
    return normalise(readRule(data, source, base, json, file), { url, position, json });
  });
  return resultOf(file, rules);
}

/** One rule, with all fields of a wrong type told and left out. */
function readRule(data: JsonValue, source: SourceText, base: OwnPath, json: boolean, file: FileReport): FileRule {
  const fitted = fitToSchema(fileRule, data, { lenient: source.types === 'lenient' });
  const own = (path: OwnPath): OwnPath => [...base, ...fitted.ownPath(path)];
  reportKeys(fitted, own, file);

  const wrong = typeProblems(fileRule, fitted.value);
  for (const { code, path, found, allowed } of wrong) file.add(code, own(path), { found, allowed });
  const left = fileRule.safeParse(
    wrong.reduce<unknown>((value, { path, filler }) => without(value, path, filler), fitted.value),
  );
  const rule = left.data ?? {};

  const isWrong = (path: OwnPath): boolean =>
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
  return rule;
}

function reportKeys(fitted: Fitted, own: (path: OwnPath) => OwnPath, file: FileReport): void {
  for (const { code, path, known } of fitted.remarks) {
    if (code === 'KeyRepeated') file.add(code, own(path), { found: path.at(-1) });
    else file.add(...keyRemark(path, known, own(path)));
  }
}

function keyRemark(path: OwnPath, known: readonly string[], own: OwnPath): [RuleCode, OwnPath, Details] {
  const key = String(path.at(-1));
  const reason = whyIgnored(path);
  if (reason !== undefined) return ['KeyIgnored', own, { found: key, allowed: reason }];
  const near = nearest(key, known);
  return ['KeyUnknown', own, { found: key, allowed: near === undefined ? '' : `; did you mean ${near}?` }];
}

function resultOf(file: FileReport, rules: readonly Rule[]): ParsedRuleFile {
  const problems = file.remarks.filter(({ code }) => refuses(code));
  const warnings = file.remarks.filter(({ code }) => !refuses(code));
  return { rules: problems.length === 0 ? rules : [], problems, warnings };
}
