import { parseRuleFile } from '../../rules/parseRuleFile';
import { waitForFreshWindow } from '../waitForFreshWindow';
import type { TestCase } from './testCase';
import { spanSec } from './uploads';

/** Time for an upload and its notification. */
const MARGIN_SEC = 2;
/** Uploads that need a larger share of a window are meant to fall into several windows. */
const MAX_SHARE_OF_WINDOW = 0.65;

/** Waits until all uploads of a case will fall into one window. Usually returns at once. */
export async function waitForCaseWindow(testCase: TestCase): Promise<void> {
  const windowMs = windowSec(testCase) * 1000;
  if (windowMs === 0) return;
  const neededMs = Math.min((spanSec(testCase.uploads) + MARGIN_SEC) * 1000, MAX_SHARE_OF_WINDOW * windowMs);
  await waitForFreshWindow(windowMs, neededMs);
}

/** Length of the windows of a case, seconds; 0 when its rules have no windows. */
function windowSec({ alignWindowSec, rules }: TestCase): number {
  if (alignWindowSec !== undefined) return alignWindowSec;
  const parsed = rules.flatMap((rule) =>
    typeof rule.text === 'string' && typeof rule.file === 'string'
      ? parseRuleFile(rule.file, rule.text).rules
      : parseRuleFile('rule.json', JSON.stringify(rule)).rules,
  );
  return Math.max(0, ...parsed.map(({ batch }) => batch?.window.durationInSec ?? 0));
}
