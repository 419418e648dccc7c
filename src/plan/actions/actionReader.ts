import type { z } from 'zod';
import type { JsonObject, JsonValue } from '../../json';
import { RequestInvalid, readRequest } from '../../rules/readRequest';
import { parseTableName, type TableReference, toReference } from '../../rules/tableReference';
import { wholeTable } from '../facts';
import { PlanError } from '../planError';
import type { PlanningContext } from '../planningContext';
import type { ActionStep, JobStep, PrepareStep } from '../steps';

/** The step of an action, without its position in the plan. */
export type PlannedAction =
  | Pick<JobStep, 'kind' | 'action' | 'job' | 'prepare'>
  | Pick<ActionStep, 'kind' | 'action' | 'request' | 'job' | 'prepare'>;

/** Reads the request of one action. Its errors name the field of the rule. */
export class ActionReader {
  constructor(
    readonly context: PlanningContext,
    readonly step: number,
    private readonly field: string,
  ) {}

  /** The request with the types of its schema. @throws PlanError */
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
   * The table in a key of the request. Its last part may contain variables that have no value before the step runs.
   *
   * @throws PlanError
   */
  table(key: string, text: JsonValue | undefined, project = this.context.defaultProject): TableReference {
    const name = typeof text === 'string' ? parseTableName(text) : undefined;
    if (!name) throw this.fault(key, text, '[project:]dataset.table');
    return toReference(name, project);
  }

  /** The step that gives the destination the columns of the request's `Template`; undefined without a template. */
  template(text: string | undefined, destination: TableReference | undefined): readonly PrepareStep[] | undefined {
    if (!text || !destination) return undefined;
    const template = wholeTable(this.table('Template', text));
    return [{ kind: 'applyTemplate', table: wholeTable(destination), template }];
  }

  /** The error for an invalid value of a key of the request. */
  fault(key: string, found: JsonValue | undefined, allowed: string): PlanError {
    const shown =
      found === undefined || found === '' ? 'nothing' : typeof found === 'string' ? found : JSON.stringify(found);
    return new PlanError({ ruleId: this.context.ruleId, field: `${this.field}.${key}`, found: shown, allowed });
  }
}
