import { parseRuleFile } from '../../rules/parseRuleFile';
import type { TestCase } from './testCase';
import { spanSec, until } from './uploads';

/** For an upload and its notification. */
const MARGIN_SEC = 2;
/** Most of a window that uploads may need; what takes longer is meant to fall into several. */
const MOST_OF_WINDOW = 0.65;

/**
 * Waits until all uploads of a case will fall into one window, also when they come just before its end. Most often that is at
 * once.
 */
export async function waitForFreshWindow(testCase: TestCase): Promise<void> {
  const windowMs = windowSec(testCase) * 1000;
  if (windowMs === 0) return;
  const neededMs = Math.min((spanSec(testCase.uploads) + MARGIN_SEC) * 1000, MOST_OF_WINDOW * windowMs);
  const leftMs = windowMs - (Date.now() % windowMs);
  if (leftMs < neededMs) await until(Date.now() + leftMs);
}

/** Length of the windows of a case; 0 when its files are loaded by themselves. */
function windowSec({ alignWindowSec, rules }: TestCase): number {
  if (alignWindowSec !== undefined) return alignWindowSec;
  const parsed = rules.flatMap((rule) =>
    typeof rule.text === 'string' && typeof rule.file === 'string'
      ? parseRuleFile(rule.file, rule.text).rules
      : parseRuleFile('rule.json', JSON.stringify(rule)).rules,
  );
  return Math.max(0, ...parsed.map(({ batch }) => batch?.window.durationInSec ?? 0));
}
