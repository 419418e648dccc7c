const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/;
const SHORT_TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/;
const MOMENT = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?))?\s*(.*)$/;
const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/** `2024-1-2` as `2024-01-02`; undefined when it is no date. The service accepts slashes only in dates with a time. */
export function dateText(text: string): string | undefined {
  const match = DATE.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** `1:2:3.5` as `01:02:03.500000`; undefined when it is no time of day. */
export function timeText(text: string, short = false): string | undefined {
  const match = (short ? SHORT_TIME : TIME).exec(text.trim());
  if (!match) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = (match[4] ?? '').slice(0, 6).padEnd(6, '0');
  return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${fraction}`;
}

/** `2024-01-02T03:04:05` as `2024-01-02 03:04:05.000000`; undefined when it is no date and time, or has a zone. */
export function datetimeText(text: string): string | undefined {
  const match = MOMENT.exec(text.trim());
  if (!match || match[3]) return undefined;
  return joined(match[1], match[2]);
}

function joined(day: string | undefined, clock: string | undefined): string | undefined {
  const date = dateText((day ?? '').replaceAll('/', '-'));
  const time = clock === undefined ? '00:00:00.000000' : timeText(clock, true);
  return date && time ? `${date} ${time}` : undefined;
}

/**
 * A date and time with an offset, `Z`, `UTC`, the name of a zone or nothing (UTC), as DuckDB reads a TIMESTAMPTZ; undefined
 * when it is no such text.
 */
export function timestampText(text: string): string | undefined {
  const match = MOMENT.exec(text.trim());
  if (!match) return undefined;
  const local = joined(match[1], match[2]);
  if (local === undefined) return undefined;
  const zone = match[3] ?? '';
  if (zone === '' || /^(?:z|utc|gmt)$/i.test(zone)) return `${local}+00`;
  const offset = OFFSET.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return minutes > 14 * 60 ? undefined : shifted(local, offset[1] === '-' ? minutes : -minutes);
  }
  const minutes = zoneMinutes(zone, local);
  return minutes === undefined ? undefined : shifted(local, -minutes);
}

/** Microseconds since 1970 as DuckDB reads a TIMESTAMPTZ; undefined outside of the years 1 to 9999. */
export function timestampOfMicros(micros: bigint): string | undefined {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - rest) / 1_000_000n);
  if (seconds < -62_135_596_800 || seconds > 253_402_300_799) return undefined;
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${pad(Number(rest), 6)}+00`;
}

function shifted(local: string, minutes: number): string | undefined {
  const seconds = Date.parse(`${local.slice(0, 10)}T${local.slice(11, 19)}Z`) / 1000 + minutes * 60;
  return timestampOfMicros(BigInt(seconds) * 1_000_000n + BigInt(local.slice(20)));
}

/** Minutes by which a named zone is ahead of UTC at a local time; undefined for an unknown zone. */
function zoneMinutes(zone: string, local: string): number | undefined {
  const utc = Date.parse(`${local.slice(0, 10)}T${local.slice(11, 19)}Z`);
  const first = offsetAt(zone, utc);
  // Near a clock change, the offset at the local time read as UTC may be wrong: look it up again at the time in UTC.
  return first === undefined ? undefined : offsetAt(zone, utc - first * 60_000);
}

/** Formats by zone; undefined for unknown zones. */
const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function offsetAt(zone: string, utc: number): number | undefined {
  if (!formats.has(zone)) formats.set(zone, offsetFormat(zone));
  const format = formats.get(zone);
  if (format === undefined) return undefined;
  const name = format.formatToParts(new Date(utc)).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return match?.[1] === '-' ? -minutes : minutes;
}

function offsetFormat(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

function pad(value: number, length: number): string {
  return value.toString().padStart(length, '0');
}
