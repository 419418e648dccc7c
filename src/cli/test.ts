import { writeFile } from 'node:fs/promises';
import { CommandError, EXIT } from './commandError';
import { junit } from './ruleTests/junit';
import { readCases } from './ruleTests/readCases';
import type { CaseResult } from './ruleTests/runCase';
import { runCases } from './ruleTests/runCases';
import { labelOf } from './ruleTests/testCase';

export interface TestOptions {
  /** Part of the names of the cases to run. */
  readonly filter?: string;
  /** Maximum time per case after its last upload, seconds; default: the case's own. */
  readonly timeout?: number;
  readonly parallel: number;
  readonly flush: boolean;
  /** File for the results in JUnit XML. */
  readonly junit?: string;
  readonly output: 'text' | 'json';
}

/**
 * `bqtail test`: tests rules on the local emulators.
 *
 * @returns the exit code: 1 when a case failed.
 * @throws CommandError when a case cannot be read.
 */
export async function test(folders: readonly string[], options: TestOptions): Promise<number> {
  const { filter = '' } = options;
  const cases = (await readCases(folders)).filter((testCase) => labelOf(testCase).includes(filter));
  if (cases.length === 0) throw new CommandError(`no case has ${filter} in its name`);
  const started = Date.now();
  const text = options.output === 'text';
  const results = await runCases(
    cases,
    { parallel: options.parallel, flush: options.flush, timeoutSec: options.timeout },
    (result) => text && process.stdout.write(linesOf(result)),
  );
  if (options.junit !== undefined) await writeFile(options.junit, junit(results));
  if (!text) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  const failed = results.filter(({ passed }) => !passed).length;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (text) process.stdout.write(`${results.length - failed} passed, ${failed} failed in ${seconds} s\n`);
  return failed > 0 ? EXIT.found : EXIT.clean;
}

function linesOf({ label, passed, seconds, reasons }: CaseResult): string {
  const head = `${passed ? 'PASS' : 'FAIL'} ${label} ${seconds.toFixed(1)} s`;
  return `${[head, ...reasons.flatMap((reason) => reason.split('\n')).map((line) => `  ${line}`)].join('\n')}\n`;
}
