/** Constants of 64-bit FNV. The arithmetic uses BigInt because doubles lose the low bits. */
const BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const NO_PATTERN = 0n;

/**
 * Hash of a window key or URL: the absolute value of 64-bit FNV-1 over the UTF-8 bytes, read as a signed number. -2^63 has
 * no positive counterpart and stays negative. viant/bqtail computes the same, so window IDs agree (docs/compatibility.md).
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
 * Hash of the values of a pattern's groups: signed 64-bit FNV-1a over their concatenation, 0 without a pattern. viant/bqtail
 * computes the same.
 *
 * @param groups values of the pattern's groups; empty if the pattern did not match, undefined if the rule has no pattern.
 * @example patternHash(['2019', '02', '04']) // -8259368535141226065n
 */
export function patternHash(groups: readonly string[] | undefined): bigint {
  if (groups === undefined) return NO_PATTERN;
  let state = BASIS;
  for (const byte of Buffer.from(groups.join(''), 'utf8')) state = BigInt.asUintN(64, (state ^ BigInt(byte)) * PRIME);
  return BigInt.asIntN(64, state);
}
