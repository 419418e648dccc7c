import { createHash } from 'node:crypto';
import { DuckDBBlobValue, type DuckDBListValue, listValue } from '@duckdb/node-api';
import { fingerprint64 } from 'farmhash-modern';
import { define, fail, type RuntimeFunction } from './define';
import { instr, like, slice } from './text';

const raw = (value: DuckDBBlobValue): Buffer => Buffer.from(value.bytes);
const blob = (bytes: Uint8Array): DuckDBBlobValue => new DuckDBBlobValue(bytes);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Decodes UTF-8; undefined for invalid bytes. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function toBase32(bytes: Buffer): string {
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, '0');
  const text = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

function fromBase32(text: string): Buffer {
  const digits = text.replace(/=+$/, '');
  if (!/^[A-Z2-7]*$/.test(digits)) fail('Failed to decode invalid base32 string');
  const bits = [...digits].map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

function fromBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) || text.replace(/[\s=]/g, '').length % 4 === 1)
    fail('Failed to decode invalid base64 string');
  return Buffer.from(text, 'base64');
}

function fromHex(text: string): Buffer {
  const bad = text.search(/[^0-9a-fA-F]/);
  if (bad >= 0)
    fail(
      `Failed to decode invalid hexadecimal string due to character at position ${bad}: ${text.slice(bad, bad + 1)}`,
    );
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex');
}

function joinAll(parts: readonly Uint8Array[]): DuckDBBlobValue {
  return blob(Buffer.concat(parts));
}

function shift(bytes: Buffer, by: bigint, op: string): Buffer {
  if (by < 0n) fail('Bitwise shift by a negative offset');
  const size = BigInt(bytes.length * 8);
  if (bytes.length === 0 || by >= size) return Buffer.alloc(bytes.length);
  const value = BigInt(`0x${bytes.toString('hex')}`);
  const moved = op === '<<' ? BigInt.asUintN(Number(size), value << by) : value >> by;
  return Buffer.from(moved.toString(16).padStart(bytes.length * 2, '0'), 'hex');
}

const BITS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
};

function splitBytes(bytes: Buffer, delimiter: Buffer): Buffer[] {
  if (delimiter.length === 0) return [...bytes].map((byte) => Buffer.from([byte]));
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, from)) {
    parts.push(bytes.subarray(from, at));
    from = at + delimiter.length;
  }
  return [...parts, bytes.subarray(from)];
}

const mapAscii = (bytes: Buffer, low: number, high: number, by: number) =>
  blob(bytes.map((byte) => (byte >= low && byte <= high ? byte + by : byte)));

function padBytes(bytes: Buffer, length: bigint, pattern: Buffer, left: boolean): Buffer {
  if (length < 0n) fail('Second argument (output size) for LPAD/RPAD cannot be negative');
  if (pattern.length === 0) fail('Third argument (pad pattern) for LPAD/RPAD cannot be empty');
  const missing = Number(length) - bytes.length;
  if (missing <= 0) return bytes.subarray(0, Number(length));
  const padding = Buffer.alloc(missing, pattern);
  return Buffer.concat(left ? [padding, bytes] : [bytes, padding]);
}

function trimBytes(bytes: Buffer, chars: Buffer, side: string): Buffer {
  let [start, end] = [0, bytes.length];
  if (side !== 'right') while (start < end && chars.includes(bytes[start] ?? 0)) start += 1;
  if (side !== 'left') while (end > start && chars.includes(bytes[end - 1] ?? 0)) end -= 1;
  return bytes.subarray(start, end);
}

/** Functions of BYTES, encodings and hashes. */
export const BYTES_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_concat_bytes(BYTES[]) -> BYTES', (list: DuckDBListValue) =>
    list.items.includes(null) ? null : joinAll((list.items as DuckDBBlobValue[]).map(raw)),
  ),
  define(
    'bq_bytes_to_text(BYTES) -> STRING',
    (value: DuckDBBlobValue) => decode(value.bytes) ?? fail('Invalid cast of bytes to UTF8 string'),
  ),
  define('bq_safe_bytes_to_text(BYTES) -> STRING', (value: DuckDBBlobValue) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.bytes),
  ),
  define('bq_latin(BYTES) -> STRING', (value: DuckDBBlobValue) => raw(value).toString('latin1')),
  define('bq_unlatin(STRING) -> BYTES', (text: string) => blob(Buffer.from(text, 'latin1'))),
  define('bq_to_base32(BYTES) -> STRING', (value: DuckDBBlobValue) => toBase32(raw(value))),
  define('bq_from_base32(STRING) -> BYTES', (text: string) => blob(fromBase32(text))),
  define('bq_to_base64(BYTES) -> STRING', (value: DuckDBBlobValue) => raw(value).toString('base64')),
  define('bq_from_base64(STRING) -> BYTES', (text: string) => blob(fromBase64(text))),
  define('bq_to_hex(BYTES) -> STRING', (value: DuckDBBlobValue) => raw(value).toString('hex')),
  define('bq_from_hex(STRING) -> BYTES', (text: string) => blob(fromHex(text))),
  define('bq_bytes_format(BYTES, STRING) -> STRING', (value: DuckDBBlobValue, format: string) =>
    encodeAs(raw(value), format),
  ),
  define('bq_text_format(STRING, STRING) -> BYTES', (text: string, format: string) => blob(decodeAs(text, format))),
  define('bq_code_points_to_bytes(INT64[]) -> BYTES', (list: DuckDBListValue) => {
    if (list.items.includes(null)) return null;
    return blob(
      Buffer.from(
        (list.items as bigint[]).map((one) =>
          one < 0n || one > 255n ? fail(`Invalid extended ASCII code ${one}`) : Number(one),
        ),
      ),
    );
  }),
  define('bq_bytes_to_code_points(BYTES) -> INT64[]', (value: DuckDBBlobValue) =>
    listValue([...value.bytes].map(BigInt)),
  ),
  define('bq_hash(BYTES, STRING) -> BYTES', (value: DuckDBBlobValue, name: string) =>
    blob(createHash(name).update(value.bytes).digest()),
  ),
  define('bq_farm_fingerprint(BYTES) -> INT64', (value: DuckDBBlobValue) =>
    BigInt.asIntN(64, fingerprint64(Buffer.from(value.bytes))),
  ),
  define('bq_bytes_not(BYTES) -> BYTES', (value: DuckDBBlobValue) => blob(value.bytes.map((byte) => ~byte))),
  define('bq_bytes_bits(BYTES, BYTES, STRING) -> BYTES', (one: DuckDBBlobValue, two: DuckDBBlobValue, op: string) => {
    if (one.bytes.length !== two.bytes.length)
      fail(
        `Bitwise binary operator for BYTES requires equal length of the inputs. Got ${one.bytes.length} bytes on the left hand side and ${two.bytes.length} bytes on the right hand side.`,
      );
    return blob(one.bytes.map((byte, place) => BITS[op]?.(byte, two.bytes[place] ?? 0) ?? 0));
  }),
  define('bq_bytes_shift(BYTES, INT64, STRING) -> BYTES', (value: DuckDBBlobValue, by: bigint, op: string) =>
    blob(shift(raw(value), by, op)),
  ),
  define('bq_bytes_bit_count(BYTES) -> INT64', (value: DuckDBBlobValue) =>
    BigInt([...value.bytes].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)),
  ),
  define('bq_bytes_starts_with(BYTES, BYTES) -> BOOL', (value: DuckDBBlobValue, part: DuckDBBlobValue) =>
    raw(value).subarray(0, part.bytes.length).equals(raw(part)),
  ),
  define(
    'bq_bytes_ends_with(BYTES, BYTES) -> BOOL',
    (value: DuckDBBlobValue, part: DuckDBBlobValue) =>
      part.bytes.length === 0 || raw(value).subarray(-part.bytes.length).equals(raw(part)),
  ),
  define(
    'bq_bytes_instr(BYTES, BYTES, INT64, INT64) -> INT64',
    (value: DuckDBBlobValue, part: DuckDBBlobValue, position: bigint, occurrence: bigint) => {
      const [bytes, wanted] = [raw(value), raw(part)];
      if (wanted.length === 0) return 0n;
      return instr(
        bytes.length,
        wanted.length,
        (at) => bytes.subarray(at, at + wanted.length).equals(wanted),
        position,
        occurrence,
      );
    },
  ),
  define('bq_bytes_left(BYTES, INT64) -> BYTES', (value: DuckDBBlobValue, count: bigint) =>
    count < 0n ? fail('Second argument in LEFT() cannot be negative') : blob(value.bytes.slice(0, Number(count))),
  ),
  define('bq_bytes_right(BYTES, INT64) -> BYTES', (value: DuckDBBlobValue, count: bigint) =>
    count < 0n
      ? fail('Second argument in RIGHT() cannot be negative')
      : blob(count === 0n ? new Uint8Array() : value.bytes.slice(-Number(count))),
  ),
  define('bq_bytes_lower(BYTES) -> BYTES', (value: DuckDBBlobValue) => mapAscii(raw(value), 65, 90, 32)),
  define('bq_bytes_upper(BYTES) -> BYTES', (value: DuckDBBlobValue) => mapAscii(raw(value), 97, 122, -32)),
  define(
    'bq_pad_bytes(BYTES, INT64, BYTES, BOOL) -> BYTES',
    (value: DuckDBBlobValue, length: bigint, pattern: DuckDBBlobValue, left: boolean) =>
      blob(padBytes(raw(value), length, raw(pattern), left)),
  ),
  define(
    'bq_trim_bytes(BYTES, BYTES, STRING) -> BYTES',
    (value: DuckDBBlobValue, chars: DuckDBBlobValue, side: string) => blob(trimBytes(raw(value), raw(chars), side)),
  ),
  define('bq_repeat_bytes(BYTES, INT64) -> BYTES', (value: DuckDBBlobValue, count: bigint) =>
    count < 0n
      ? fail('Second argument in REPEAT() cannot be negative')
      : blob(Buffer.concat(Array.from({ length: Number(count) }, () => raw(value)))),
  ),
  define(
    'bq_replace_bytes(BYTES, BYTES, BYTES) -> BYTES',
    (value: DuckDBBlobValue, from: DuckDBBlobValue, to: DuckDBBlobValue) =>
      blob(
        Buffer.from(
          from.bytes.length === 0
            ? raw(value).toString('latin1')
            : raw(value)
                .toString('latin1')
                .replaceAll(raw(from).toString('latin1'), () => raw(to).toString('latin1')),
          'latin1',
        ),
      ),
  ),
  define('bq_reverse_bytes(BYTES) -> BYTES', (value: DuckDBBlobValue) => blob(raw(value).reverse())),
  define('bq_split_bytes(BYTES, BYTES) -> BYTES[]', (value: DuckDBBlobValue, delimiter: DuckDBBlobValue) =>
    listValue(splitBytes(raw(value), raw(delimiter)).map(blob)),
  ),
  define(
    'bq_substr_bytes(BYTES, INT64, INT64) -> BYTES',
    (value: DuckDBBlobValue, position: bigint, length: bigint) => {
      const { start, end } = slice(value.bytes.length, position, length);
      return blob(value.bytes.slice(start, end));
    },
  ),
  define('bq_like_bytes(BYTES, BYTES) -> BOOL', (value: DuckDBBlobValue, pattern: DuckDBBlobValue) =>
    like(raw(value).toString('latin1'), raw(pattern).toString('latin1')),
  ),
  define('bq_limit_bytes(BYTES, INT64) -> BYTES', (value: DuckDBBlobValue, length: bigint) =>
    BigInt(value.bytes.length) > length
      ? fail(`BYTES(${length}) has maximum length ${length} but got a value with length ${value.bytes.length}`)
      : value,
  ),
  define(
    '+bq_array_to_bytes(ANY, BYTES, BYTES) -> BYTES',
    (list: DuckDBListValue | null, separator: DuckDBBlobValue | null, nulls: DuckDBBlobValue | null) => {
      if (list === null || separator === null) return null;
      const parts = (list.items as Array<DuckDBBlobValue | null>)
        .map((item) => item ?? nulls)
        .filter((item) => item !== null);
      return joinAll(parts.flatMap((part, place) => (place === 0 ? [raw(part)] : [raw(separator), raw(part)])));
    },
  ),
];

function encodeAs(bytes: Buffer, format: string): string {
  switch (format.toUpperCase()) {
    case 'HEX':
      return bytes.toString('hex');
    case 'BASE64':
      return bytes.toString('base64');
    case 'BASE64M':
      return bytes.toString('base64');
    case 'BASE32':
      return toBase32(bytes);
    case 'BASE2':
      return [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    case 'BASE8':
    case 'BASE16':
      return bytes.toString('hex');
    case 'ASCII':
      return bytes.toString('latin1');
    case 'UTF-8':
    case 'UTF8':
      return decode(bytes) ?? fail('Invalid cast of bytes to UTF8 string');
    default:
      return fail(`Invalid format: ${format}`);
  }
}

function decodeAs(text: string, format: string): Buffer {
  switch (format.toUpperCase()) {
    case 'HEX':
    case 'BASE16':
      return fromHex(text);
    case 'BASE64':
    case 'BASE64M':
      return fromBase64(text);
    case 'BASE32':
      return fromBase32(text);
    case 'ASCII':
    case 'UTF-8':
    case 'UTF8':
      return Buffer.from(text, 'utf8');
    default:
      return fail(`Invalid format: ${format}`);
  }
}
