import { conditionNotMet, invalid, notModified } from '../errors';
import type { ObjectRecord, Preconditions } from './records';

type Query = (name: string) => string | undefined;

/**
 * Reads the conditions of a call from its parameters.
 *
 * @param side `Source` for conditions on the source of a copy, for example `ifSourceGenerationMatch`.
 */
export function preconditionsOf(query: Query, side: '' | 'Source' = ''): Preconditions {
  return {
    generationMatch: integerOf(query, `if${side}GenerationMatch`),
    generationNotMatch: integerOf(query, `if${side}GenerationNotMatch`),
    metagenerationMatch: integerOf(query, `if${side}MetagenerationMatch`),
    metagenerationNotMatch: integerOf(query, `if${side}MetagenerationNotMatch`),
  };
}

/** The integer value of a parameter such as `generation`. @throws ApiError 400 for another value. */
export function integerOf(query: Query, parameter: string): number | undefined {
  const text = query(parameter);
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw invalid(`Invalid value for parameter ${parameter}: ${text}`, parameter);
  return Number(text);
}

/** Checks the conditions of a write. @param current undefined without a live object. @throws ApiError 412 */
export function checkWrite(
  conditions: Preconditions,
  current: Pick<ObjectRecord, 'generation' | 'metageneration'> | undefined,
): void {
  if (!matches(conditions, current) || differs(conditions, current)) throw conditionNotMet();
}

/** Checks the conditions of a read. @throws ApiError 412 when a Match fails, 304 when a NotMatch fails. */
export function checkRead(conditions: Preconditions, current: ObjectRecord): void {
  if (!matches(conditions, current)) throw conditionNotMet();
  if (differs(conditions, current)) throw notModified();
}

function matches(
  conditions: Preconditions,
  current: Pick<ObjectRecord, 'generation' | 'metageneration'> | undefined,
): boolean {
  const { generationMatch, metagenerationMatch } = conditions;
  if (generationMatch !== undefined && generationMatch !== (current?.generation ?? 0)) return false;
  return metagenerationMatch === undefined || metagenerationMatch === current?.metageneration;
}

function differs(
  conditions: Preconditions,
  current: Pick<ObjectRecord, 'generation' | 'metageneration'> | undefined,
): boolean {
  const { generationNotMatch, metagenerationNotMatch } = conditions;
  if (generationNotMatch !== undefined && generationNotMatch === (current?.generation ?? 0)) return true;
  return metagenerationNotMatch !== undefined && metagenerationNotMatch === current?.metageneration;
}
