import type { z } from 'zod';
import { fitToSchema } from '../schema/fitToSchema';
import { typeProblems } from './checks/typeProblems';
import type { JsonObject } from './types';

/** An expanded request does not have the types that its action requires. */
export class RequestInvalid extends Error {}

/**
 * Parses the expanded request of an action. Values of variables, such as lists and numbers, are converted leniently, as values in
 * the rule file are.
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
