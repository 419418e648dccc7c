import type { BatchFiles } from '../batch';

const SAMPLE = 3;
/** Probes of one group that run at a time. */
export const PROBES_AT_ONCE = 8;
/** A slice below this size is not worth being cut. */
const LEAST_FILES = 8;

/**
 * Cuts files into neighbouring slices of about the same number, for probes that run side by side.
 *
 * @example slicesOf(20, 8).map(({ count }) => count) // [10, 10]
 */
export function slicesOf(count: number, most = PROBES_AT_ONCE): readonly { from: number; count: number }[] {
  const number = Math.max(1, Math.min(most, Math.floor(count / LEAST_FILES)));
  return Array.from({ length: number }, (_slice, at) => {
    const from = Math.floor((at * count) / number);
    return { from, count: Math.floor(((at + 1) * count) / number) - from };
  });
}

/** Files by reference, where they lie in `part`. */
export function reference(
  part: string,
  files: readonly { readonly url: string; readonly size: number }[],
  place?: { readonly from: number; readonly count: number },
): BatchFiles {
  const taken = place ? files.slice(place.from, place.from + place.count) : files;
  return {
    part,
    ...(place ? { from: place.from } : {}),
    count: taken.length,
    bytes: taken.reduce((sum, { size }) => sum + size, 0),
    sample: taken.slice(0, SAMPLE).map(({ url }) => url),
  };
}
