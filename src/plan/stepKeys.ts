import { hash } from '../windows/hash';
import type { ActionStep, Step } from './steps';

/** Actions whose effect cannot be taken back or told from a second one. */
const SEEN_OUTSIDE: readonly ActionStep['action'][] = ['insert', 'call', 'push', 'notify'];

/**
 * Names, by the numbers of the steps, under which the journal remembers those that must not be repeated. A step is known by what it does, not by its
 * place, so that it is found again when another step of the rule was mended; equal steps are counted.
 */
export function stepKeys(steps: readonly Step[]): Readonly<Record<number, string>> {
  const keys: Record<number, string> = {};
  const counts = new Map<string, number>();
  const visit = (step: Step): void => {
    if (step.kind === 'action' && SEEN_OUTSIDE.includes(step.action)) {
      const what = hash(JSON.stringify([step.action, step.request, step.job?.configuration])).toString();
      const count = (counts.get(what) ?? 0) + 1;
      counts.set(what, count);
      keys[step.step] = `${step.action}_${what}_${count}`;
    }
    for (const next of step.onSuccess) visit(next);
  };
  for (const step of steps) visit(step);
  return keys;
}
