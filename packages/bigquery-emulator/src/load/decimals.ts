import type { LoadConfiguration } from '../resources';

/** Target types of decimals, the narrowest first, with their number of digits before and after the point. */
const DECIMALS: readonly (readonly [type: string, whole: number, scale: number])[] = [
  ['NUMERIC', 29, 9],
  ['BIGNUMERIC', 38, 38],
  ['STRING', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
];

/** The target type of decimals with this precision and scale. */
export type DecimalType = (precision: number, scale: number) => string;

/** The narrowest of the job's target types that holds all such decimals, else the widest: then each row is checked. */
export function decimalTypeOf({ decimalTargetTypes }: LoadConfiguration): DecimalType {
  const targets = decimalTargetTypes?.length ? decimalTargetTypes : ['NUMERIC', 'BIGNUMERIC'];
  const types = DECIMALS.filter(([type]) => targets.includes(type));
  return (precision, scale) => {
    const fits = types.find(([, whole, digits]) => precision - scale <= whole && scale <= digits);
    return (fits ?? types.at(-1))?.[0] ?? 'NUMERIC';
  };
}
