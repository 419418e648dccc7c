import type { RuleProblem } from '../rules/errorCodes';
import { ignoredFiles, type ParsedRuleFile, parseRuleFile } from '../rules/parseRuleFile';
import { readResources } from '../rules/resources';
import { EXIT } from './commandError';
import { readNamedTexts, readRuleSources } from './rules/ruleFiles';

export interface ValidateOptions {
  readonly output: 'text' | 'json';
}

/** The problems of all files together. */
export interface Findings {
  readonly files: number;
  /** Rules in files without problems. */
  readonly rules: number;
  readonly problems: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/**
 * `bqtail validate`: lists all problems of rule files, as the bridge finds them.
 *
 * @returns the exit code: 1 when there are problems.
 * @throws CommandError when a source cannot be read.
 */
export async function validate(sources: readonly string[], options: ValidateOptions): Promise<number> {
  const { files, others } = await readRuleSources(sources);
  const { texts, unread } = await readNamedTexts(files);
  // A text that was not read is no problem of the file.
  const resources = new Map([...unread.map((url) => [url, ''] as const), ...texts]);
  const parsed = files.map(({ url, text }) => readResources(parseRuleFile(url, text), resources));
  const inRules = findingsOf(parsed);
  const findings = { ...inRules, warnings: [...inRules.warnings, ...ignoredFiles(others, new Set(resources.keys()))] };
  process.stdout.write(options.output === 'json' ? `${JSON.stringify(findings, null, 2)}\n` : problemLines(findings));
  for (const url of unread) process.stderr.write(`bqtail: ${url}: not read, because no rule file is in gs://\n`);
  process.stderr.write(`bqtail: ${summary(findings)}\n`);
  return findings.problems.length > 0 ? EXIT.found : EXIT.clean;
}

function findingsOf(parsed: readonly ParsedRuleFile[]): Findings {
  return {
    files: parsed.length,
    rules: parsed.reduce((sum, { rules }) => sum + rules.length, 0),
    problems: parsed.flatMap(({ problems }) => problems),
    warnings: parsed.flatMap(({ warnings }) => warnings),
  };
}

/**
 * One line per problem, in the form that editors and CI systems parse.
 *
 * @example 'rules/a.yaml:7:5: error: Dest.Transient.CopyMethod must be COPY, QUERY, DML, found Copy [CopyMethodInvalid]'
 */
function problemLines({ problems, warnings }: Findings): string {
  const line = (level: string) => (problem: RuleProblem) =>
    `${placeOf(problem)}: ${level}: ${problem.message} [${problem.code}]\n`;
  return [...problems.map(line('error')), ...warnings.map(line('warning'))].join('');
}

/** `file:line:column`; without line or column when they are unknown. */
export function placeOf({ url, line, column }: RuleProblem): string {
  return [url, line, column].filter((part) => part !== undefined).join(':');
}

function summary({ files, rules, problems, warnings }: Findings): string {
  return [
    count(files, 'file'),
    count(rules, 'good rule'),
    count(problems.length, 'problem'),
    count(warnings.length, 'warning'),
  ].join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
