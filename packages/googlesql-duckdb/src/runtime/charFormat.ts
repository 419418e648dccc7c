import { DuckDBTimestampTZValue, DuckDBTimestampValue } from '@duckdb/node-api';
import { DAY_MICROS, daysInMonth, daysOf } from './calendar';
import { define, fail, type RuntimeFunction } from './define';
import { MONTHS } from './formatElements';
import { formatTime, type Moment, momentAt } from './formatTime';
import { fromLocal, offsetText } from './zones';

/** Elements of CAST(... FORMAT ...), longest first, with the strftime element; empty if there is none. */
const ELEMENTS: ReadonlyArray<readonly [string, string]> = [
  ['YYYY', '%E4Y'],
  ['Y,YYY', ''],
  ['YYY', ''],
  ['YY', '%y'],
  ['RRRR', '%E4Y'],
  ['RR', '%y'],
  ['MONTH', '%B'],
  ['MON', '%b'],
  ['MM', '%m'],
  ['DAY', '%A'],
  ['DY', '%a'],
  ['DDD', '%j'],
  ['DD', '%d'],
  ['D', '%u'],
  ['HH24', '%H'],
  ['HH12', '%I'],
  ['HH', '%I'],
  ['MI', '%M'],
  ['SSSSS', ''],
  ['SS', '%S'],
  ...Array.from({ length: 9 }, (_, place) => [`FF${place + 1}`, ''] as const),
  ['A.M.', '%p'],
  ['P.M.', '%p'],
  ['AM', '%p'],
  ['PM', '%p'],
  ['Q', '%Q'],
  ['TZH', ''],
  ['TZM', ''],
  ['Y', ''],
];

function split(format: string): Array<{ element: string; text: string }> {
  const parts: Array<{ element: string; text: string }> = [];
  let at = 0;
  while (at < format.length) {
    const rest = format.slice(at);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
    const match = ELEMENTS.find(([name]) => rest.toUpperCase().startsWith(name));
    if (quoted !== null) {
      parts.push({ element: '', text: quoted[1] ?? '' });
      at += quoted[0].length;
    } else if (match !== undefined) {
      parts.push({ element: match[0], text: rest.slice(0, match[0].length) });
      at += match[0].length;
    } else if (/^[\s\-./,;:']/.test(rest)) {
      parts.push({ element: '', text: rest[0] ?? '' });
      at += 1;
    } else {
      fail(`Cannot find matched format element at ${at}`);
    }
  }
  return parts;
}

/** Applies the case of the format element to the text. */
function cased(text: string, written: string): string {
  if (written === written.toUpperCase()) return text.toUpperCase();
  return written === written.toLowerCase() ? text.toLowerCase() : text;
}

const OF_TIME = /^(?:HH|MI|SS|FF|[AP]\.?M)/;
const OF_ZONE = /^TZ/;

/** Fails if the type has no such element, e.g. an hour for DATE. */
function checkElement(element: string, type: string): void {
  const supported = OF_ZONE.test(element)
    ? type === 'TIMESTAMP'
    : OF_TIME.test(element)
      ? type !== 'DATE'
      : type !== 'TIME';
  if (!supported) fail(`${type} does not support the format element ${element}`);
}

function write(moment: Moment, format: string, type: string): string {
  const micros = moment.local;
  return split(format)
    .map(({ element, text }) => {
      if (element === '') return text;
      checkElement(element, type);
      const made = ELEMENTS.find(([name]) => name === element)?.[1] ?? '';
      if (made !== '') {
        const value = formatTime(made, moment, 'timestamp');
        if (/[AP]\.M\./.test(element)) return cased(`${value[0]}.M.`, text);
        return element === 'D' ? String((Number(value) % 7) + 1) : /^%[AaBbp]$/.test(made) ? cased(value, text) : value;
      }
      const fraction = String(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, '0');
      const places = /^FF(\d)$/.exec(element)?.[1];
      if (places !== undefined) return fraction.padEnd(9, '0').slice(0, Number(places));
      if (element === 'SSSSS')
        return String((((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS) / 1_000_000n).padStart(5, '0');
      if (element === 'TZH') return offsetText(moment.offset, false).slice(0, 3);
      if (element === 'TZM') return offsetText(moment.offset, false).slice(3);
      const year = formatTime('%E4Y', moment, 'timestamp');
      return element === 'Y,YYY' ? `${year.slice(0, -3)},${year.slice(-3)}` : year.slice(-element.length);
    })
    .join('');
}

/** Parses a text: local microseconds, and the offset from UTC in microseconds if the text has one. */
function read(text: string, format: string): { local: bigint; offset?: bigint } {
  const values: Record<string, number> = {};
  let negative = false;
  let at = 0;
  let pm: boolean | undefined;
  const bad = (): never => fail(`Failed to parse input string "${text}" with format "${format}"`);
  for (const { element, text: written } of split(format)) {
    const rest = text.slice(at);
    if (element === '') {
      if (!rest.startsWith(written)) bad();
      at += written.length;
    } else if (element === 'MONTH' || element === 'MON') {
      const names = MONTHS.map((name) => (element === 'MONTH' ? name : name.slice(0, 3)).toUpperCase());
      const place = names.findIndex((name) => rest.toUpperCase().startsWith(name));
      if (place < 0) bad();
      values['MM'] = place + 1;
      at += names[place]?.length ?? 0;
    } else if (element.startsWith('FF')) {
      const [digits] = /^\d+/.exec(rest) ?? bad();
      const places = Number(element[2]);
      values['FF'] = Math.round(Math.round(Number(`0.${digits}`) * 10 ** places) * 10 ** (6 - places));
      at += digits.length;
    } else if (element === 'TZH') {
      const match = /^([+-]?)(\d{1,2})/.exec(rest) ?? bad();
      negative = match[1] === '-';
      values['TZH'] = Number(match[2]);
      at += match[0].length;
    } else if (/^[AP]\.?M/.test(element)) {
      const match = /^([ap])\.?m\.?/i.exec(rest) ?? bad();
      pm = match[1]?.toLowerCase() === 'p';
      at += match[0].length;
    } else {
      const size = element === 'YYYY' || element === 'RRRR' ? 4 : element === 'DDD' ? 3 : element === 'SSSSS' ? 5 : 2;
      const match = new RegExp(`^\\d{1,${size}}`).exec(rest) ?? bad();
      values[element] = Number(match[0]);
      at += match[0].length;
    }
  }
  if (at < text.length) bad();
  const now = new Date();
  const short = values['YY'] ?? values['RR'];
  const year = values['YYYY'] ?? values['RRRR'] ?? (short === undefined ? now.getUTCFullYear() : 2000 + short);
  const month = values['MM'] ?? (values['YYYY'] === undefined && short === undefined ? now.getUTCMonth() + 1 : 1);
  const day = values['DD'] ?? 1;
  const half = values['HH12'] ?? values['HH'];
  const hour = values['HH24'] ?? (half === undefined ? 0 : (half % 12) + (pm === true ? 12 : 0));
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month) ||
    hour > 23 ||
    (half !== undefined && (half < 1 || half > 12)) ||
    (values['MI'] ?? 0) > 59 ||
    (values['SS'] ?? 0) > 59
  )
    bad();
  const seconds = values['SSSSS'] ?? (hour * 60 + (values['MI'] ?? 0)) * 60 + (values['SS'] ?? 0);
  const local =
    BigInt(daysOf(year, month, day)) * DAY_MICROS + BigInt(seconds) * 1_000_000n + BigInt(values['FF'] ?? 0);
  const minutes = BigInt((values['TZH'] ?? 0) * 60 + (values['TZM'] ?? 0)) * 60_000_000n;
  return { local, offset: values['TZH'] === undefined ? undefined : negative ? -minutes : minutes };
}

/** Functions of CAST(... FORMAT ...) for dates and times. */
export const CHAR_FORMAT_FUNCTIONS: readonly RuntimeFunction[] = [
  define(
    'bq_to_char(DATETIME, STRING, STRING) -> STRING',
    ({ micros }: DuckDBTimestampValue, format: string, type: string) =>
      write({ local: micros, zone: 'UTC', offset: 0n }, format, type),
  ),
  define(
    'bq_timestamp_to_char(TIMESTAMP, STRING, STRING) -> STRING',
    ({ micros }: DuckDBTimestampTZValue, format: string, zone: string) =>
      write(momentAt(micros, zone), format, 'TIMESTAMP'),
  ),
  define(
    'bq_from_char(STRING, STRING) -> DATETIME',
    (text: string, format: string) => new DuckDBTimestampValue(read(text, format).local),
  ),
  define(
    'bq_timestamp_from_char(STRING, STRING, STRING) -> TIMESTAMP',
    (text: string, format: string, zone: string) => {
      const { local, offset } = read(text, format);
      return new DuckDBTimestampTZValue(offset === undefined ? fromLocal(zone, local) : local - offset);
    },
  ),
];
