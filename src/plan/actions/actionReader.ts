import type { z } from 'zod';
import { RequestInvalid, readRequest } from '../../rules/readRequest';
import { parseTableName, type TableReference, toReference } from '../../rules/tableReference';
import type { JsonObject, JsonValue } from '../../rules/types';
import { wholeTable } from '../facts';
import { PlanError } from '../planError';
import type { PlanningContext } from '../planningContext';
import type { ActionStep, JobStep, PrepareStep } from '../steps';

/** What an action of a rule becomes, without its place in the plan. */
export type PlannedAction =
  | Pick<JobStep, 'kind' | 'action' | 'job' | 'prepare'>
  | Pick<ActionStep, 'kind' | 'action' | 'request' | 'job' | 'prepare'>;

/** Reads the request of one action, and tells where in the rule it is wrong. */
export class ActionReader {
  constructor(
    readonly context: PlanningContext,
    readonly step: number,
    private readonly field: string,
  ) {}

  /** The request as its schema reads it. @throws PlanError */
  typed<S extends z.ZodObject>(schema: S, request: JsonObject): z.infer<S> {
    try {
      return readRequest(schema, request);
    } catch (error) {
      if (!(error instanceof RequestInvalid)) throw error;
      throw new PlanError({
        ruleId: this.context.ruleId,
        field: this.field,
        found: JSON.stringify(request),
        allowed: error.message,
      });
    }
  }

  /**
   * The table that a key of the request names; a variable that is known only when the step runs may stand in its last part.
   *
   * @throws PlanError
   */
  table(key: string, text: JsonValue | undefined, project = this.context.defaultProject): TableReference {
    const name = typeof text === 'string' ? parseTableName(text) : undefined;
    if (!name) throw this.fault(key, text, '[project:]dataset.table');
    return toReference(name, project);
  }

  /** What makes the destination have the columns of the request's Template; nothing without one. */
  template(text: string | undefined, destination: TableReference | undefined): { readonly prepare?: PrepareStep[] } {
    if (!text || !destination) return {};
    const template = wholeTable(this.table('Template', text));
    return { prepare: [{ kind: 'applyTemplate', table: wholeTable(destination), template }] };
  }

  fault(key: string, found: JsonValue | undefined, allowed: string): PlanError {
    const shown =
      found === undefined || found === '' ? 'nothing' : typeof found === 'string' ? found : JSON.stringify(found);
    return new PlanError({ ruleId: this.context.ruleId, field: `${this.field}.${key}`, found: shown, allowed });
  }
}
