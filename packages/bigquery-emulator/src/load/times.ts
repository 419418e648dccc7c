const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/;
const SHORT_TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/;
const MOMENT = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?))?\s*(.*)$/;
const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/** `2024-1-2` as `2024-01-02`; null when it is no date. */
export function dateText(text: string): string | null {
  const match = DATE.exec(text.trim().replaceAll('/', '-'));
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** `1:2:3.5` as `01:02:03.500000`; null when it is no time of day. */
export function timeText(text: string, short = false): string | null {
  const match = (short ? SHORT_TIME : TIME).exec(text.trim());
  if (!match) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = (match[4] ?? '').slice(0, 6).padEnd(6, '0');
  return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${fraction}`;
}

/** `2024-01-02T03:04:05` as `2024-01-02 03:04:05.000000`; null when it is none, or has a zone. */
export function datetimeText(text: string): string | null {
  const match = MOMENT.exec(text.trim());
  if (!match || match[3]) return null;
  return joined(match[1], match[2]);
}

function joined(day: string | undefined, clock: string | undefined): string | null {
  const date = dateText(day ?? '');
  const time = clock === undefined ? '00:00:00.000000' : timeText(clock, true);
  return date && time ? `${date} ${time}` : null;
}

/**
 * A written moment, with an offset, `Z`, `UTC`, the name of a zone or nothing (UTC), as DuckDB reads a TIMESTAMPTZ;
 * null when it is none.
 */
export function timestampText(text: string): string | null {
  const match = MOMENT.exec(text.trim());
  if (!match) return null;
  const local = joined(match[1], match[2]);
  if (local === null) return null;
  const zone = match[3] ?? '';
  if (zone === '' || /^(?:z|utc|gmt)$/i.test(zone)) return `${local}+00`;
  const offset = OFFSET.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return minutes > 14 * 60 ? null : shifted(local, offset[1] === '-' ? minutes : -minutes);
  }
  const minutes = zoneMinutes(zone, local);
  return minutes === null ? null : shifted(local, -minutes);
}

/** `micros` since 1970 as DuckDB reads a TIMESTAMPTZ; null outside of the years 1 to 9999. */
export function timestampOfMicros(micros: bigint): string | null {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - rest) / 1_000_000n);
  if (seconds < -62_135_596_800 || seconds > 253_402_300_799) return null;
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${pad(Number(rest), 6)}+00`;
}

function shifted(local: string, minutes: number): string | null {
  const seconds = Date.parse(`${local.slice(0, 10)}T${local.slice(11, 19)}Z`) / 1000 + minutes * 60;
  return timestampOfMicros(BigInt(seconds) * 1_000_000n + BigInt(local.slice(20)));
}

/** Minutes that a named zone is ahead of UTC at a local time; null when there is no such zone. */
function zoneMinutes(zone: string, local: string): number | null {
  const utc = Date.parse(`${local.slice(0, 10)}T${local.slice(11, 19)}Z`);
  const first = offsetAt(zone, utc);
  // The offset at the local time read as UTC may be that of the other side of a clock change: look again there.
  return first === null ? null : offsetAt(zone, utc - first * 60_000);
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function offsetAt(zone: string, utc: number): number | null {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    } catch {
      format = null;
    }
    formats.set(zone, format);
  }
  if (format === null) return null;
  const name = format.formatToParts(new Date(utc)).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return match?.[1] === '-' ? -minutes : minutes;
}

function pad(value: number, length: number): string {
  return value.toString().padStart(length, '0');
}
