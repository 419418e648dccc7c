import { DuckDBTimestampValue } from '@duckdb/node-api';
import { DAY_MICROS, daysInMonth, daysOf } from './calendar';
import { define, fail, type RuntimeFunction } from './define';
import { formatTime } from './formatTime';

/** Elements of CAST(... FORMAT ...), longest first, and what they are to strftime. */
const ELEMENTS: ReadonlyArray<readonly [string, string]> = [
  ['YYYY', '%E4Y'],
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
  ['FF9', ''],
  ['FF6', ''],
  ['FF3', ''],
  ['FF1', ''],
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
    const found = ELEMENTS.find(([name]) => rest.toUpperCase().startsWith(name));
    if (quoted !== null) {
      parts.push({ element: '', text: quoted[1] ?? '' });
      at += quoted[0].length;
    } else if (found !== undefined) {
      parts.push({ element: found[0], text: rest.slice(0, found[0].length) });
      at += found[0].length;
    } else if (/^[\s\-./,;:']/.test(rest)) {
      parts.push({ element: '', text: rest[0] ?? '' });
      at += 1;
    } else {
      fail(`Cannot find matched format element at ${at}`);
    }
  }
  return parts;
}

/** Case of the element is the case of the text. */
function cased(text: string, written: string): string {
  if (written === written.toUpperCase()) return text.toUpperCase();
  return written === written.toLowerCase() ? text.toLowerCase() : text;
}

function write(micros: bigint, format: string): string {
  return split(format)
    .map(({ element, text }) => {
      if (element === '') return text;
      const made = ELEMENTS.find(([name]) => name === element)?.[1] ?? '';
      if (made !== '') {
        const value = formatTime(made, { local: micros, zone: 'UTC', offset: 0n }, 'timestamp');
        if (/[AP]\.M\./.test(element)) return cased(`${value[0]}.M.`, text);
        return element === 'D' ? String((Number(value) % 7) + 1) : /^%[AaBbp]$/.test(made) ? cased(value, text) : value;
      }
      const fraction = String(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, '0');
      const places = /^FF(\d)$/.exec(element)?.[1];
      if (places !== undefined) return fraction.padEnd(9, '0').slice(0, Number(places));
      if (element === 'SSSSS')
        return String((((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS) / 1_000_000n).padStart(5, '0');
      return fail(`Format element ${element} is not supported by the local BigQuery`);
    })
    .join('');
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const LONG_MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];

function read(text: string, format: string): bigint {
  const found: Record<string, number> = {};
  let at = 0;
  let pm: boolean | null = null;
  const bad = (): never => fail(`Failed to parse input string "${text}" with format "${format}"`);
  for (const { element, text: written } of split(format)) {
    const rest = text.slice(at);
    if (element === '') {
      if (!rest.startsWith(written)) bad();
      at += written.length;
    } else if (element === 'MONTH' || element === 'MON') {
      const place = (element === 'MONTH' ? LONG_MONTHS : MONTHS).findIndex((name) =>
        rest.toUpperCase().startsWith(name),
      );
      if (place < 0) bad();
      found['MM'] = place + 1;
      at += (element === 'MONTH' ? LONG_MONTHS : MONTHS)[place]?.length ?? 0;
    } else if (/^[AP]\.?M/.test(element)) {
      const match = /^([ap])\.?m\.?/i.exec(rest) ?? bad();
      pm = match[1]?.toLowerCase() === 'p';
      at += match[0].length;
    } else {
      const size = element.startsWith('FF')
        ? Number(element[2])
        : element === 'YYYY' || element === 'RRRR'
          ? 4
          : element === 'DDD'
            ? 3
            : element === 'SSSSS'
              ? 5
              : 2;
      const match = new RegExp(`^\\d{1,${size}}`).exec(rest) ?? bad();
      found[element] = Number(element.startsWith('FF') ? match[0].padEnd(6, '0').slice(0, 6) : match[0]);
      at += match[0].length;
    }
  }
  if (at < text.length) bad();
  const now = new Date();
  const short = found['YY'] ?? found['RR'];
  const year = found['YYYY'] ?? found['RRRR'] ?? (short === undefined ? now.getUTCFullYear() : 2000 + short);
  const month = found['MM'] ?? (found['YYYY'] === undefined && short === undefined ? now.getUTCMonth() + 1 : 1);
  const day = found['DD'] ?? 1;
  const half = found['HH12'] ?? found['HH'];
  const hour = found['HH24'] ?? (half === undefined ? 0 : (half % 12) + (pm === true ? 12 : 0));
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month) ||
    hour > 23 ||
    (found['MI'] ?? 0) > 59 ||
    (found['SS'] ?? 0) > 59
  )
    bad();
  const seconds = found['SSSSS'] ?? (hour * 60 + (found['MI'] ?? 0)) * 60 + (found['SS'] ?? 0);
  const fraction = found['FF9'] ?? found['FF6'] ?? found['FF3'] ?? found['FF1'] ?? 0;
  return BigInt(daysOf(year, month, day)) * DAY_MICROS + BigInt(seconds) * 1_000_000n + BigInt(fraction);
}

/** CAST(... FORMAT ...) of dates and times. */
export const CHAR_FORMAT_FUNCTIONS: readonly RuntimeFunction[] = [
  define(
    'bq_to_char(DATETIME, STRING, STRING) -> STRING',
    (value: DuckDBTimestampValue, format: string, _type: string) => write(value.micros, format),
  ),
  define(
    'bq_from_char(STRING, STRING) -> DATETIME',
    (text: string, format: string) => new DuckDBTimestampValue(read(text, format)),
  ),
];
