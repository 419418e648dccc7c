import { isObject } from '../../json';
import type { LoadStep } from '../steps';

/**
 * The rounds behind a first part of which no file was good: the next part makes or empties the table in its place, and the
 * others append after it.
 */
export function openedInPlaceOf(first: LoadStep, others: readonly LoadStep[]): readonly (readonly LoadStep[])[] {
  const [next, ...rest] = others;
  if (!next) return [];
  const opening = { writeDisposition: dispositionOf(first) };
  const { load } = next.job.configuration;
  const configuration = { ...next.job.configuration, load: { ...(isObject(load) ? load : {}), ...opening } };
  return [[{ ...next, job: { ...next.job, configuration } }], ...(rest.length > 0 ? [rest] : [])];
}

function dispositionOf({ job }: LoadStep) {
  const { load } = job.configuration;
  return (isObject(load) ? load.writeDisposition : undefined) ?? 'WRITE_APPEND';
}
