import { stepRecord } from '../../journal/names';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import type { Dependencies } from '../dependencies';

/** An action that the outside world would see twice if it were carried out twice. */
export type CarryOut = (call: ActionCall, deps: Dependencies) => Promise<ActionResult>;

/**
 * Carries out a step unless the journal tells that it has ended: then what it gave is taken from there. So a process that is
 * run again after a failure, or reset, goes on behind the steps that succeeded.
 */
export function once(carryOut: CarryOut): CarryOut {
  return async (call, deps) => {
    if (!call.record) return carryOut(call, deps);
    const url = stepRecord(call.record.ledgerEntry, call.record.key);
    const known = await deps.objects.read(url);
    if (known !== undefined) {
      const result: ActionResult = JSON.parse(known);
      return result;
    }
    const result = await carryOut(call, deps);
    await deps.objects.write(url, JSON.stringify(result));
    return result;
  };
}
