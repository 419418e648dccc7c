import { DAY_MICROS, daysInMonth, daysOf, isoYearStart, weekday } from './calendar';
import type { Elements } from './formatTime';
import { fromLocal } from './zones';

/** The parts of a time that were parsed so far. */
export interface Found {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
  pm?: boolean;
  half?: number;
  century?: number;
  shortYear?: number;
  ofYear?: number;
  epoch?: bigint;
  zone?: string;
  isoYear?: number;
  isoWeek?: number;
  weekday?: number;
  weekSunday?: number;
  weekMonday?: number;
  quarter?: number;
}

/** A text does not match its format. */
export class Mismatch extends Error {}

/** Computes the time from its parsed parts. */
export function assemble(found: Found, text: string, elements: Elements, zone: string): bigint {
  if (found.epoch !== undefined) return found.epoch;
  if (found.shortYear !== undefined)
    found.year =
      found.century === undefined
        ? found.shortYear + (found.shortYear < 69 ? 2000 : 1900)
        : found.century * 100 + found.shortYear;
  else if (found.century !== undefined) found.year = found.century * 100;
  if (found.half !== undefined) found.hour = (found.half % 12) + (found.pm === true ? 12 : 0);
  if (found.quarter !== undefined && found.month === 1) found.month = (found.quarter - 1) * 3 + 1;
  if (found.day > daysInMonth(found.year, found.month) || found.year < 1 || found.year > 9999)
    throw new Mismatch(`Failed to parse input string "${text}"`);
  let days = daysOf(found.year, found.month, found.day);
  if (found.ofYear !== undefined) days = daysOf(found.year, 1, 1) + found.ofYear - 1;
  if (found.isoYear !== undefined || found.isoWeek !== undefined) {
    days =
      isoYearStart(found.isoYear ?? found.year) + ((found.isoWeek ?? 1) - 1) * 7 + (((found.weekday ?? 1) + 6) % 7);
  } else if (found.weekSunday !== undefined || found.weekMonday !== undefined) {
    const first = found.weekSunday === undefined ? 1 : 0;
    const start = daysOf(found.year, 1, 1);
    const anchor = start + ((first - weekday(start) + 7) % 7);
    days =
      anchor + ((found.weekSunday ?? found.weekMonday ?? 1) - 1) * 7 + (((found.weekday ?? first) - first + 7) % 7);
  }
  const clock = BigInt((found.hour * 60 + found.minute) * 60 + found.second) * 1_000_000n + BigInt(found.micros);
  if (elements === 'time') return clock;
  const local = BigInt(days) * DAY_MICROS + clock;
  return elements === 'timestamp' ? fromLocal(found.zone ?? zone, local) : local;
}
