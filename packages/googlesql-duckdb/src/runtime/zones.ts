import { daysOf } from './calendar';
import { fail } from './define';

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Offset from UTC in microseconds of a zone (`UTC`, `+05:30`, `America/New_York`) at a moment. */
export function offsetAt(zone: string, micros: bigint): bigint {
  const fixed = fixedOffset(zone);
  if (fixed !== undefined) return fixed;
  const quarter = Math.floor(Number(micros / 1000n) / 900_000);
  const key = `${zone}:${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = lookUp(zone, quarter * 900_000);
    if (offsets.size > 50_000) offsets.clear();
    offsets.set(key, offset);
  }
  return BigInt(offset) * 1000n;
}

/** Returns the zone, or fails if it does not exist. */
export function checkedZone(zone: string): string {
  offsetAt(zone, 0n);
  return zone;
}

/**
 * The moment of a local time in a zone. An ambiguous time is the earlier moment; a time in a gap moves after the gap.
 */
export function fromLocal(zone: string, local: bigint): bigint {
  const fixed = fixedOffset(zone);
  if (fixed !== undefined) return local - fixed;
  const before = local - offsetAt(zone, local - 86_400_000_000n);
  if (before + offsetAt(zone, before) === local) return before;
  const after = local - offsetAt(zone, local + 86_400_000_000n);
  if (after + offsetAt(zone, after) === local) return after;
  return before;
}

function fixedOffset(zone: string): bigint | undefined {
  if (zone === 'UTC' || zone === 'Z' || zone === 'z' || zone === 'utc') return 0n;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (match === null) return undefined;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? 0);
  if (hours > 14 || minutes > 59) fail(`Invalid time zone: ${zone}`);
  const micros = BigInt(hours * 60 + minutes) * 60_000_000n;
  return match[1] === '-' ? -micros : micros;
}

function lookUp(zone: string, ms: number): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    try {
      formatter = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      fail(`Invalid time zone: ${zone}`);
    }
    formatters.set(zone, formatter);
  }
  const parts = new Map(formatter.formatToParts(ms).map((part) => [part.type, part.value]));
  const number = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name) ?? 0);
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const seconds = number('hour') * 3600 + number('minute') * 60 + number('second');
  return daysOf(year, number('month'), number('day')) * 86_400_000 + seconds * 1000 - ms;
}

/** Text of an offset: `+05:30`, or without `colon` `+0530`. */
export function offsetText(offset: bigint, colon: boolean): string {
  const minutes = Number((offset < 0n ? -offset : offset) / 60_000_000n);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${offset < 0n ? '-' : '+'}${hours}${colon ? ':' : ''}${String(minutes % 60).padStart(2, '0')}`;
}
