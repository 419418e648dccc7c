import { DAYS, EXPANSIONS, MONTHS } from './formatElements';
import type { Elements } from './formatTime';
import { assemble, Mismatch, type TimeParts } from './parsedTime';

const LONG_MONTHS = MONTHS.map((name) => name.toLowerCase());
const LONG_DAYS = DAYS.map((name) => name.toLowerCase());
const SHORT_MONTHS = LONG_MONTHS.map((name) => name.slice(0, 3));
const SHORT_DAYS = LONG_DAYS.map((name) => name.slice(0, 3));
const PARSED_EXPANSIONS: Readonly<Record<string, string>> = { ...EXPANSIONS, h: '%b' };

function expand(format: string): string {
  return format.replace(/%([DFRTcrxX+h%])/g, (all, name: string) => PARSED_EXPANSIONS[name] ?? all);
}

/**
 * Parses a text by a strptime-like format to local microseconds, or for `timestamp` to microseconds since the epoch.
 *
 * @throws Mismatch when the text does not match the format.
 */
export function parseTimeText(format: string, text: string, elements: Elements, zone = 'UTC'): bigint {
  const parts: TimeParts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, micros: 0 };
  const pattern = expand(format);
  let at = skipBlanks(text, 0);
  for (let place = 0; place < pattern.length; place += 1) {
    const char = pattern[place] ?? '';
    if (/\s/.test(char)) {
      at = skipBlanks(text, at);
    } else if (char !== '%') {
      if (text[at] !== char) throw new Mismatch(`Failed to parse input string "${text}"`);
      at += 1;
    } else {
      const name = /^(?:E([0-9]|\*)S|E4Y|Ez|:z|E[A-Za-z]|O[A-Za-z]|[\s\S])/.exec(pattern.slice(place + 1))?.[0] ?? '';
      place += name.length;
      at = readElement(name, text, at, parts);
    }
  }
  at = skipBlanks(text, at);
  if (at < text.length) throw new Mismatch(`Illegal non-space trailing data '${text.slice(at)}' in string '${text}'`);
  return assemble(parts, text, elements, zone);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function readElement(name: string, text: string, from: number, parts: TimeParts): number {
  let at = from;
  const number = (digits: number, low: number, high: number): number => {
    const match = new RegExp(`^\\s*(\\d{1,${digits}})`).exec(text.slice(at));
    const value = Number(match?.[1]);
    if (match === null || value < low || value > high) throw new Mismatch(`Failed to parse input string "${text}"`);
    at += match[0].length;
    return value;
  };
  const word = (long: readonly string[], short: readonly string[]): number => {
    const rest = text.slice(at).toLowerCase();
    for (const list of [long, short]) {
      const place = list.findIndex((one) => rest.startsWith(one));
      if (place >= 0) {
        at += list[place]?.length ?? 0;
        return place;
      }
    }
    throw new Mismatch(`Failed to parse input string "${text}"`);
  };
  switch (name) {
    case 'Y':
      parts.year = signedYear();
      break;
    case 'E4Y':
      parts.year = number(4, 0, 9999);
      break;
    case 'C':
      parts.century = number(2, 0, 99);
      break;
    case 'y':
      parts.shortYear = number(2, 0, 99);
      break;
    case 'm':
      parts.month = number(2, 1, 12);
      break;
    case 'B':
    case 'b':
      parts.month = word(LONG_MONTHS, SHORT_MONTHS) + 1;
      break;
    case 'd':
    case 'e':
      parts.day = number(2, 1, 31);
      break;
    case 'j':
      parts.ofYear = number(3, 1, 366);
      break;
    case 'A':
    case 'a':
      parts.weekday = word(LONG_DAYS, SHORT_DAYS);
      break;
    case 'H':
    case 'k':
      parts.hour = number(2, 0, 23);
      break;
    case 'I':
    case 'l':
      parts.half = number(2, 1, 12);
      break;
    case 'M':
      parts.minute = number(2, 0, 59);
      break;
    case 'S':
      parts.second = number(2, 0, 60);
      break;
    case 'p':
    case 'P':
      parts.pm = word(['am', 'pm'], []) === 1;
      break;
    case 'Q':
      parts.quarter = number(1, 1, 4);
      break;
    case 'G':
      parts.isoYear = number(4, 1, 9999);
      break;
    case 'V':
      parts.isoWeek = number(2, 1, 53);
      break;
    case 'u':
      parts.weekday = number(1, 1, 7) % 7;
      break;
    case 'w':
      parts.weekday = number(1, 0, 6);
      break;
    case 'U':
      parts.weekSunday = number(2, 0, 53);
      break;
    case 'W':
      parts.weekMonday = number(2, 0, 53);
      break;
    case 'g':
      number(2, 0, 99);
      break;
    case 's':
      at = readEpoch(text, at, parts);
      break;
    case 'z':
    case 'Ez':
    case ':z':
    case 'Z':
      at = readZone(text, at, parts);
      break;
    case 'n':
    case 't':
      at = skipBlanks(text, at);
      break;
    case '%':
      if (text[at] !== '%') throw new Mismatch(`Failed to parse input string "${text}"`);
      at += 1;
      break;
    default:
      if (/^E([0-9]|\*)S$/.test(name)) at = readSeconds(text, at, parts);
      else if (/^[EO][A-Za-z]$/.test(name)) at = readElement(name.slice(1), text, at, parts);
      else throw new Mismatch(`Failed to parse input string "${text}"`);
  }
  return at;

  function signedYear(): number {
    const match = /^\s*([+-]?\d{1,5})/.exec(text.slice(at));
    if (match === null) throw new Mismatch(`Failed to parse input string "${text}"`);
    // A year that no separator follows has four digits.
    const digits =
      match[0].length > 4 && /^\s*\d/.test(match[0]) ? match[0].slice(0, match[0].search(/\d/) + 4) : match[0];
    at += digits.length;
    return Number(digits);
  }
}

function readEpoch(text: string, at: number, parts: TimeParts): number {
  const match = /^-?\d+/.exec(text.slice(at));
  if (match === null) throw new Mismatch(`Failed to parse input string "${text}"`);
  parts.epoch = BigInt(match[0]) * 1_000_000n;
  return at + match[0].length;
}

function readZone(text: string, at: number, parts: TimeParts): number {
  const match = /^\s*([+-]\d{2}:?\d{2}|[+-]\d{1,2}|[A-Za-z][\w/+-]*)/.exec(text.slice(at));
  if (match === null) throw new Mismatch(`Failed to parse input string "${text}"`);
  parts.zone = match[1] ?? 'UTC';
  return at + match[0].length;
}

function readSeconds(text: string, at: number, parts: TimeParts): number {
  const match = /^\s*(\d{1,2})(?:\.(\d+))?/.exec(text.slice(at));
  if (match === null || Number(match[1]) > 60) throw new Mismatch(`Failed to parse input string "${text}"`);
  parts.second = Number(match[1]);
  parts.micros = Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
  return at + match[0].length;
}
