import type { z } from 'zod';
import { fitToSchema } from '../schema/fitToSchema';
import { typeProblems } from './checks/typeProblems';
import type { JsonObject } from './types';

/** A request that after its expansion is not what its action takes. */
export class RequestInvalid extends Error {}

/**
 * The typed request of an action once it is expanded: a variable may have brought a list or a number, which is taken as
 * leniently as what the rule's author writes.
 *
 * @example readRequest(actionRequests.query, expand(action.request, variables)).SQL
 * @throws RequestInvalid
 */
export function readRequest<S extends z.ZodObject>(schema: S, expanded: JsonObject): z.infer<S> {
  const { value } = fitToSchema(schema, expanded, { lenient: true });
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = typeProblems(schema, value).map(({ path, allowed }) => `${path.join('.')} must be ${allowed}`);
  throw new RequestInvalid(faults.join('; '));
}
