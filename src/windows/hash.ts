/** FNV 64-bit constants; the arithmetic is done in BigInt because doubles lose the low bits. */
const BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const NO_PATTERN = 0n;

/**
 * The original's hash of a window key or URL: 64-bit FNV-1 over UTF-8, read as signed, made positive (spec 1, section 4.1).
 * The one value without a positive counterpart, -2^63, stays negative as it does there.
 *
 * @example hash('foobar') // 3750802935296928194n
 */
export function hash(key: string): bigint {
  let state = BASIS;
  for (const byte of Buffer.from(key, 'utf8')) state = BigInt.asUintN(64, state * PRIME) ^ BigInt(byte);
  const signed = BigInt.asIntN(64, state);
  return BigInt.asIntN(64, signed < 0n ? -signed : signed);
}

/**
 * The original's hash of a pattern's group values: 64-bit FNV-1a over their concatenation, signed (spec 1, section 4.1).
 *
 * @param groups the values of the pattern's groups; an empty list when the pattern did not match; undefined without a pattern.
 * @example patternHash(['2019', '02', '04']) // -8259368535141226065n
 */
export function patternHash(groups: readonly string[] | undefined): bigint {
  if (groups === undefined) return NO_PATTERN;
  let state = BASIS;
  for (const byte of Buffer.from(groups.join(''), 'utf8')) state = BigInt.asUintN(64, (state ^ BigInt(byte)) * PRIME);
  return BigInt.asIntN(64, state);
}
