import { DAY_MICROS, daysInMonth, daysOf, isoYearStart, weekday } from './calendar';
import type { Elements } from './formatTime';
import { fromLocal } from './zones';

/** The parts of a time that were parsed so far. */
export interface TimeParts {
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
export function assemble(parts: TimeParts, text: string, elements: Elements, zone: string): bigint {
  if (parts.epoch !== undefined) return parts.epoch;
  if (parts.shortYear !== undefined)
    parts.year =
      parts.century === undefined
        ? parts.shortYear + (parts.shortYear < 69 ? 2000 : 1900)
        : parts.century * 100 + parts.shortYear;
  else if (parts.century !== undefined) parts.year = parts.century * 100;
  if (parts.half !== undefined) parts.hour = (parts.half % 12) + (parts.pm === true ? 12 : 0);
  if (parts.quarter !== undefined && parts.month === 1) parts.month = (parts.quarter - 1) * 3 + 1;
  if (parts.day > daysInMonth(parts.year, parts.month) || parts.year < 1 || parts.year > 9999)
    throw new Mismatch(`Failed to parse input string "${text}"`);
  let days = daysOf(parts.year, parts.month, parts.day);
  if (parts.ofYear !== undefined) days = daysOf(parts.year, 1, 1) + parts.ofYear - 1;
  if (parts.isoYear !== undefined || parts.isoWeek !== undefined) {
    days =
      isoYearStart(parts.isoYear ?? parts.year) + ((parts.isoWeek ?? 1) - 1) * 7 + (((parts.weekday ?? 1) + 6) % 7);
  } else if (parts.weekSunday !== undefined || parts.weekMonday !== undefined) {
    const first = parts.weekSunday === undefined ? 1 : 0;
    const start = daysOf(parts.year, 1, 1);
    const anchor = start + ((first - weekday(start) + 7) % 7);
    days =
      anchor + ((parts.weekSunday ?? parts.weekMonday ?? 1) - 1) * 7 + (((parts.weekday ?? first) - first + 7) % 7);
  }
  const clock = BigInt((parts.hour * 60 + parts.minute) * 60 + parts.second) * 1_000_000n + BigInt(parts.micros);
  if (elements === 'time') return clock;
  const local = BigInt(days) * DAY_MICROS + clock;
  return elements === 'timestamp' ? fromLocal(parts.zone ?? zone, local) : local;
}
