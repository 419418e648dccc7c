import type { ActionStep, Step } from './steps';

const CARRIED_OUT: readonly ActionStep['action'][] = ['delete', 'move', 'insert', 'drop', 'copyPartitions'];

/** The first action, nested ones included, that cannot be carried out yet; undefined when all can. */
export function unsupportedAction(steps: readonly Step[]): string | undefined {
  for (const step of steps) {
    if (step.kind === 'action' && !CARRIED_OUT.includes(step.action)) return step.action;
    const nested = unsupportedAction([...step.onSuccess, ...step.onFailure]);
    if (nested !== undefined) return nested;
  }
  return undefined;
}
