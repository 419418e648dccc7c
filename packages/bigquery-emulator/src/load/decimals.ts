import type { LoadConfiguration } from '../resources';

/** Types that decimals become, the narrowest first, with the digits that they hold before and after the point. */
const DECIMALS: readonly (readonly [type: string, whole: number, scale: number])[] = [
  ['NUMERIC', 29, 9],
  ['BIGNUMERIC', 38, 38],
  ['STRING', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
];

/** The type that a file's decimals of so many digits become. */
export type DecimalType = (precision: number, scale: number) => string;

/** The first of the wanted types that holds all such decimals, else the widest, whose rows are looked at one by one. */
export function decimalTypeOf({ decimalTargetTypes }: LoadConfiguration): DecimalType {
  const wanted = decimalTargetTypes?.length ? decimalTargetTypes : ['NUMERIC', 'BIGNUMERIC'];
  const types = DECIMALS.filter(([type]) => wanted.includes(type));
  return (precision, scale) => {
    const fits = types.find(([, whole, digits]) => precision - scale <= whole && scale <= digits);
    return (fits ?? types.at(-1))?.[0] ?? 'NUMERIC';
  };
}
