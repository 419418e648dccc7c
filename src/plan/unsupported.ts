import type { ActionStep, Step } from './steps';

const CARRIED_OUT: readonly ActionStep['action'][] = ['delete', 'drop'];

/** The first action, nested ones included, that cannot be carried out yet; undefined when all can. */
export function unsupportedAction(steps: readonly Step[]): string | undefined {
  for (const step of steps) {
    if (step.kind === 'action' && !CARRIED_OUT.includes(step.action)) return nameOf(step);
    const nested = unsupportedAction([...step.onSuccess, ...step.onFailure]);
    if (nested !== undefined) return nested;
  }
  return undefined;
}

function nameOf({ action }: ActionStep): string {
  return action === 'copyPartitions' ? 'copy with MultiPartition' : action;
}
