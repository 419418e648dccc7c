/** A decimal number with or without an exponent. */
export const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The decimal without an exponent; undefined for an exponent beyond 80. */
export function plainDecimal(text: string): string | undefined {
  const [mantissa = '', exponent] = text.toLowerCase().split('e');
  if (exponent === undefined) return mantissa;
  const shift = Number(exponent);
  if (Math.abs(shift) > 80) return undefined;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  return `${sign}${digits.slice(0, point) || '0'}.${digits.slice(point) || '0'}`;
}

/** Rounds a plain decimal, halves away from zero. */
export function roundedTo(text: string, scale: number): string {
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  if (fraction.length <= scale) return text;
  const units = BigInt(`${whole}${fraction.slice(0, scale)}` || '0') + (Number(fraction[scale]) >= 5 ? 1n : 0n);
  const digits = units.toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const result = scale > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return negative ? `-${result}` : result;
}
