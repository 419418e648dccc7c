import { civilOf, daysOf, isoWeek, isoYearStart, splitMicros, weekday, weekOfYear } from './calendar';
import { fail } from './define';
import { DAYS, EXPANSIONS, MONTHS } from './formatElements';
import { offsetAt, offsetText } from './zones';

/** A local time with its zone, for format elements. */
export interface Moment {
  readonly local: bigint;
  readonly zone: string;
  readonly offset: bigint;
}

/** The local time of a time zone at a moment. */
export function momentAt(micros: bigint, zone: string): Moment {
  const offset = offsetAt(zone, micros);
  return { local: micros + offset, zone, offset };
}

const two = (value: number) => String(value).padStart(2, '0');

/** The type of the formatted value, which limits the elements: a DATE has no hours. */
export type Elements = 'date' | 'time' | 'datetime' | 'timestamp';

/** Formats a time by a strftime-like format, for FORMAT_TIMESTAMP and the like. */
export function formatTime(format: string, moment: Moment, elements: Elements): string {
  let out = '';
  for (let at = 0; at < format.length; at += 1) {
    const char = format[at] ?? '';
    if (char !== '%' || at === format.length - 1) {
      out += char;
      continue;
    }
    const rest = format.slice(at + 1);
    const special = /^E([0-9]|\*)S|^E4Y|^Ez|^E[A-Za-z]|^O[A-Za-z]|^:z|^[\s\S]/.exec(rest)?.[0] ?? '';
    at += special.length;
    out += element(special, moment, elements);
  }
  return out;
}

const TIME_ONLY = new Set(['H', 'I', 'k', 'l', 'M', 'S', 'p', 'P', 'R', 'T', 'r', 'X']);
const DATE_ONLY = new Set([
  'A',
  'a',
  'B',
  'b',
  'h',
  'C',
  'D',
  'd',
  'e',
  'F',
  'G',
  'g',
  'J',
  'j',
  'm',
  'Q',
  'U',
  'u',
  'V',
  'W',
  'w',
  'x',
  'Y',
  'y',
  'E4Y',
]);

function element(name: string, moment: Moment, elements: Elements): string {
  if (
    (elements === 'date' && (TIME_ONLY.has(name) || /^E.S$/.test(name))) ||
    (elements === 'time' && DATE_ONLY.has(name))
  )
    return `%${name}`;
  const expansion = EXPANSIONS[name];
  if (expansion !== undefined) return formatTime(expansion, moment, elements);
  const { days, rest } = splitMicros(moment.local);
  const { year, month, day } = civilOf(days);
  const seconds = Number(rest / 1_000_000n);
  const hour = Math.floor(seconds / 3600);
  const half = hour % 12 === 0 ? 12 : hour % 12;
  switch (name) {
    case 'A':
      return DAYS[weekday(days)] ?? '';
    case 'a':
      return (DAYS[weekday(days)] ?? '').slice(0, 3);
    case 'B':
      return MONTHS[month - 1] ?? '';
    case 'b':
    case 'h':
      return (MONTHS[month - 1] ?? '').slice(0, 3);
    case 'C':
      return two(Math.floor(year / 100));
    case 'd':
      return two(day);
    case 'e':
      return String(day).padStart(2, ' ');
    case 'G':
      return String(isoWeek(days).year);
    case 'g':
      return two(isoWeek(days).year % 100);
    case 'H':
      return two(hour);
    case 'I':
      return two(half);
    case 'j':
      return String(days - daysOf(year, 1, 1) + 1).padStart(3, '0');
    case 'J':
      return String(days - isoYearStart(isoWeek(days).year) + 1).padStart(3, '0');
    case 'k':
      return String(hour).padStart(2, ' ');
    case 'l':
      return String(half).padStart(2, ' ');
    case 'M':
      return two(Math.floor(seconds / 60) % 60);
    case 'm':
      return two(month);
    case 'n':
      return '\n';
    case 'P':
      return hour < 12 ? 'am' : 'pm';
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'Q':
      return String(Math.floor((month - 1) / 3) + 1);
    case 'S':
      return two(seconds % 60);
    case 's':
      return String((moment.local - moment.offset) / 1_000_000n);
    case 't':
      return '\t';
    case 'U':
      return two(weekOfYear(days, 0));
    case 'u':
      return String(((weekday(days) + 6) % 7) + 1);
    case 'V':
      return two(isoWeek(days).week);
    case 'W':
      return two(weekOfYear(days, 1));
    case 'w':
      return String(weekday(days));
    case 'Y':
      return String(year);
    case 'y':
      return two(year % 100);
    case 'Z':
      return zoneName(moment);
    case 'z':
      return offsetText(moment.offset, false);
    case 'Ez':
    case ':z':
      return offsetText(moment.offset, true);
    case 'E4Y':
      return String(year).padStart(4, '0');
    case '%':
      return '%';
    default:
      return fraction(name, seconds % 60, Number(rest % 1_000_000n), moment, elements);
  }
}

function fraction(name: string, second: number, micros: number, moment: Moment, elements: Elements): string {
  const digits = /^E([0-9]|\*)S$/.exec(name)?.[1];
  if (digits === '*')
    return micros === 0 ? two(second) : `${two(second)}.${String(micros).padStart(6, '0').replace(/0+$/, '')}`;
  if (digits !== undefined)
    return digits === '0'
      ? two(second)
      : `${two(second)}.${String(micros).padStart(6, '0').padEnd(9, '0').slice(0, Number(digits))}`;
  if (/^[EO][A-Za-z]$/.test(name)) return element(name.slice(1), moment, elements);
  return fail(`Invalid format element %${name}`);
}

/** `UTC`, or the offset in BigQuery's form: `UTC-5`. */
function zoneName(moment: Moment): string {
  if (moment.offset === 0n) return 'UTC';
  const minutes = Number(moment.offset / 60_000_000n);
  const hours = Math.trunc(minutes / 60);
  const rest = Math.abs(minutes % 60);
  return `UTC${minutes < 0 ? '-' : '+'}${Math.abs(hours)}${rest === 0 ? '' : `:${two(rest)}`}`;
}
