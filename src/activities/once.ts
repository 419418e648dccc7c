import { stepRecordUrl } from '../ledger/urls';
import type { ActionCall, ActionResult } from '../plan/stepContext';
import type { Dependencies } from './dependencies';

/** An action with effects outside: repeated, it would be seen twice. */
export type CarryOut = (deps: Dependencies, call: ActionCall) => Promise<ActionResult>;

/**
 * Carries out a step once. If the ledger has its result, returns that. So a process that is run again after a failure or a reset
 * continues after the steps that succeeded.
 */
export function once(carryOut: CarryOut): CarryOut {
  return async (deps, call) => {
    if (!call.record) return carryOut(deps, call);
    const url = stepRecordUrl(call.record.ledgerEntry, call.record.key);
    const recorded = await deps.objects.read(url);
    if (recorded !== undefined) return JSON.parse(recorded);
    const result = await carryOut(deps, call);
    await deps.objects.write(url, JSON.stringify(result));
    return result;
  };
}
