// Replayed by workflows: see README.md of this folder before a change.

/** Maximum number of probes of one load step that run side by side. */
export const PROBES_AT_ONCE = 8;
/** Slices have at least this many files, except when there are fewer files. */
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
