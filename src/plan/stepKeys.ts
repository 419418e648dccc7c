import { hash } from '../windows/hash';
import type { ActionStep, Step } from './steps';

/** Actions whose effect others see, and that must not have it twice. */
const VISIBLE_OUTSIDE: readonly ActionStep['action'][] = ['insert', 'call', 'push', 'notify'];

/**
 * The keys, by step number, under which the ledger records the steps that must not run twice. A key depends on the action
 * and its request, not on the step's position, so a step keeps its key when other steps of the rule are changed. Equal steps
 * are numbered. Nested OnFailure steps have no keys.
 */
export function stepKeys(steps: readonly Step[]): Readonly<Record<number, string>> {
  const keys: Record<number, string> = {};
  const counts = new Map<string, number>();
  const visit = (step: Step): void => {
    if (step.kind === 'action' && VISIBLE_OUTSIDE.includes(step.action)) {
      const digest = hash(JSON.stringify([step.action, step.request, step.job?.configuration])).toString();
      const count = (counts.get(digest) ?? 0) + 1;
      counts.set(digest, count);
      keys[step.step] = `${step.action}_${digest}_${count}`;
    }
    for (const next of step.onSuccess) visit(next);
  };
  for (const step of steps) visit(step);
  return keys;
}
