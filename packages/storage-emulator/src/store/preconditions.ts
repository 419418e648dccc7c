import { conditionNotMet, invalid, notModified } from '../errors';
import type { ObjectRecord, Preconditions } from './records';

type Query = (name: string) => string | undefined;

/**
 * Reads the conditions from a call's parameters.
 *
 * @param side `Source` for the conditions on the source of a copy: `ifSourceGenerationMatch` and so on.
 */
export function preconditionsOf(query: Query, side: '' | 'Source' = ''): Preconditions {
  const conditions: Preconditions = {};
  const set = (key: keyof Preconditions, parameter: string) => {
    const value = integerOf(query, parameter);
    if (value !== undefined) conditions[key] = value;
  };
  set('generationMatch', `if${side}GenerationMatch`);
  set('generationNotMatch', `if${side}GenerationNotMatch`);
  set('metagenerationMatch', `if${side}MetagenerationMatch`);
  set('metagenerationNotMatch', `if${side}MetagenerationNotMatch`);
  return conditions;
}

/** A whole number among the parameters, e.g. `generation`; refused when it is anything else. */
export function integerOf(query: Query, parameter: string): number | undefined {
  const text = query(parameter);
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw invalid(`Invalid value for parameter ${parameter}: ${text}`, parameter);
  return Number(text);
}

/** Throws unless a write may go on; `current` is undefined when there is no live object. */
export function checkWrite(
  conditions: Preconditions,
  current: Pick<ObjectRecord, 'generation' | 'metageneration'> | undefined,
): void {
  if (!matches(conditions, current) || differs(conditions, current)) throw conditionNotMet();
}

/** Throws unless a read may go on: 412 for what must match and does not, 304 for what must not and does. */
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
