import { nearMisses } from '../rules/nearMisses';
import type { RuleSet } from '../rules/ruleSet';
import { EXIT } from './commandError';
import { type Answer, type FileQuery, placementOf } from './rules/filePlacement';
import { dataFileUrl, type RuleOptions, rulesInForce } from './rules/rulesInForce';

export interface MatchOptions extends RuleOptions {
  /** Last update of the files, Unix milliseconds. */
  readonly updated: number;
  readonly output: 'text' | 'json';
}

const NEAR_MISSES = 3;

/**
 * `bqtail match`: shows the rule, table and window of files.
 *
 * @returns the exit code: 1 when a file would not be loaded.
 * @throws CommandError when the rules cannot be used.
 */
export async function match(files: readonly string[], options: MatchOptions): Promise<number> {
  const inForce = await rulesInForce(options);
  const answers = files
    .map((text) => ({ url: dataFileUrl(text, inForce, options.bucket), updatedMs: options.updated }))
    .map((file) => ({ file, answer: placementOf(inForce.rules, file), rules: inForce.rules }));
  process.stdout.write(
    options.output === 'json'
      ? `${JSON.stringify(answers.map(fieldsOf), null, 2)}\n`
      : `${answers.map(linesOf).join('\n')}\n`,
  );
  return answers.every(({ answer }) => answer.status === 'matched') ? EXIT.clean : EXIT.found;
}

interface FileAnswer {
  readonly file: FileQuery;
  readonly answer: Answer;
  readonly rules: RuleSet;
}

function fieldsOf({ file, answer, rules }: FileAnswer): Record<string, unknown> {
  const { url } = file;
  const { status } = answer;
  if (status === 'noMatch') return { url, status, nearMisses: misses(rules, url) };
  if (status === 'ambiguous') return { url, status, rules: answer.rules.map(({ id }) => id) };
  const { rule, table, partition, split, window } = answer.placement;
  const { id, start, due } = window ?? {};
  return {
    url,
    status,
    rule: rule.id,
    table,
    partition,
    split: split.length === 0 ? undefined : split,
    window: id === undefined ? null : { id, start: isoTime(start), due: isoTime(due) },
  };
}

function linesOf({ file, answer, rules }: FileAnswer): string {
  const { url } = file;
  if (answer.status === 'noMatch') {
    const near = misses(rules, url).map(
      ({ rule, reasons }) => `  closest: ${rule}\n${reasons.map(indented).join('\n')}`,
    );
    return [`${url}\n  none of ${rules.rules.length} rules matches`, ...near].join('\n');
  }
  if (answer.status === 'ambiguous')
    return [`${url}\n  not loaded, because several rules match:`, ...answer.rules.map(({ id }) => `    ${id}`)].join(
      '\n',
    );
  const { rule, table, partition, split, window } = answer.placement;
  return [
    url,
    `  rule    ${rule.id}${answer.status === 'disabled' ? ' (disabled: nothing is loaded)' : ''}`,
    `  table   ${table}${partition === undefined ? '' : `, partition ${partition}`}`,
    ...split.map(({ when, table: target }) => `  split   ${target} where ${when}`),
    ...(window
      ? [`  window  ${window.id}`, `  start   ${isoTime(window.start)}`, `  due     ${isoTime(window.due)}`]
      : ['  window  none: the file is loaded by itself']),
  ].join('\n');
}

function misses(rules: RuleSet, url: string) {
  return nearMisses(rules.rules, url, NEAR_MISSES).map(({ rule, reasons }) => ({ rule: rule.id, reasons }));
}

function indented(line: string): string {
  return `    ${line}`;
}

function isoTime(unixSec: number | undefined): string {
  return unixSec === undefined ? '' : new Date(unixSec * 1000).toISOString().replace('.000Z', 'Z');
}
