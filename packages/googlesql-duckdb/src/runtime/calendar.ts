/** Conversions between days or microseconds since 1970-01-01 and dates of the proleptic Gregorian calendar. */

/** Microseconds per day. */
export const DAY_MICROS = 86_400_000_000n;

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since the epoch for a calendar date. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

/** Calendar date for days since the epoch. */
export function civilOf(days: number): Civil {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const ofEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

/** Number of days in a month, 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  return month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;
}

/** Day of the week; 0 is Sunday. */
export function weekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** Division that rounds down. */
export function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** Splits microseconds into whole days and the remaining microseconds. */
export function splitMicros(micros: bigint): { days: number; rest: bigint } {
  const days = floorDiv(micros, DAY_MICROS);
  return { days: Number(days), rest: micros - days * DAY_MICROS };
}

/** ISO year and week of a day. */
export function isoWeek(days: number): { year: number; week: number } {
  const thursday = days - ((weekday(days) + 6) % 7) + 3;
  const { year } = civilOf(thursday);
  return { year, week: Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1 };
}

/** First day of an ISO year. */
export function isoYearStart(year: number): number {
  const fourth = daysOf(year, 1, 4);
  return fourth - ((weekday(fourth) + 6) % 7);
}

/** Week of the year. Week 1 starts at the year's first `firstWeekday` (0 is Sunday); earlier days are in week 0. */
export function weekOfYear(days: number, firstWeekday: number): number {
  const { year } = civilOf(days);
  const start = daysOf(year, 1, 1);
  const first = start + ((firstWeekday - weekday(start) + 7) % 7);
  return days < first ? 0 : Math.floor((days - first) / 7) + 1;
}

/** Adds months. If the resulting month is shorter, its last day is used. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = civilOf(days);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  return daysOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}
