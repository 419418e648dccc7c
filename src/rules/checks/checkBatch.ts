import type { FileRule } from '../rule';
import { SHORT_WINDOW_SEC } from '../windowSettings';
import { checkActions } from './checkActions';
import type { Report } from './report';

const NANOS = 1_000_000_000;

/** Checks the batch window. A short window causes only a warning, since viant/bqtail accepts any length. */
export function checkBatch(rule: FileRule, report: Report, durationCounts: boolean): void {
  const { Batch, Dest } = rule;
  if (Batch === undefined) return;
  const { DurationInSec, Duration, Until } = Batch.Window ?? {};
  if (DurationInSec && DurationInSec < SHORT_WINDOW_SEC)
    report('WindowShort', ['Batch', 'Window', 'DurationInSec'], shortWindow(DurationInSec));
  if (Duration !== undefined && !durationCounts)
    report('KeyIgnored', ['Batch', 'Window', 'Duration'], { allowed: ' in YAML; use DurationInSec' });
  else if (Duration && !DurationInSec && Duration < NANOS)
    report('NumberInvalid', ['Batch', 'Window', 'Duration'], {
      found: Duration,
      allowed: 'at least 1000000000 (1 s, in ns)',
    });
  else if (Duration && !DurationInSec && Duration < SHORT_WINDOW_SEC * NANOS)
    report('WindowShort', ['Batch', 'Window', 'Duration'], shortWindow(Duration / NANOS));
  if (Until !== undefined && (Until.includes('/') || Until.trim() === ''))
    report('UntilInvalid', ['Batch', 'Window', 'Until'], {
      found: Until,
      allowed: 'the name of an object, without a folder',
    });
  if (Batch.UsePatternHash && !Dest?.Pattern) report('PatternMissing', ['Batch', 'UsePatternHash']);
  checkActions(Batch.Group?.OnDone ?? [], ['Batch', 'Group', 'OnDone'], report);
}

function shortWindow(seconds: number): { found: string; allowed: string } {
  return { found: `${seconds} s`, allowed: `${SHORT_WINDOW_SEC} s` };
}
