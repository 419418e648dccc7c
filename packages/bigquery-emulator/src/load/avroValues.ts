import { NumberText } from './jsonText';
import { RowError } from './rowError';

/** Converts a value that the Avro library decoded to the value that a row of JSON would have. */
export type FromAvro = (value: unknown) => unknown;

const asIs: FromAvro = (value) => value;
const exact: FromAvro = (value) => (typeof value === 'bigint' ? new NumberText(value.toString()) : value);
const base64: FromAvro = (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
const float: FromAvro = (value) => (Number.isFinite(value) ? value : String(value));

/** BigQuery types of Avro types without a logical type. */
export const PLAIN_TYPES: Record<string, [string, FromAvro]> = {
  string: ['STRING', asIs],
  bytes: ['BYTES', base64],
  boolean: ['BOOLEAN', asIs],
  int: ['INTEGER', asIs],
  long: ['INTEGER', exact],
  float: ['FLOAT', float],
  double: ['FLOAT', float],
  fixed: ['BYTES', base64],
  enum: ['STRING', asIs],
};

const DAY_MS = 86_400_000;

const date: FromAvro = (days) => isoText(Number(days) * DAY_MS, 'date', days).slice(0, 10);

/** @throws RowError outside of the years 1 to 9999. */
function isoText(milliseconds: number, type: string, value: unknown): string {
  if (milliseconds >= -62_135_596_800_000 && milliseconds < 253_402_300_800_000) {
    return new Date(milliseconds).toISOString();
  }
  throw new RowError(`Invalid ${type} value: ${String(value)}`);
}
const timeOf = (perSecond: number): FromAvro => {
  return (value) => clock(Number(value) / perSecond);
};
const momentOf = (toMicros: bigint, zone: string): FromAvro => {
  return (value) => {
    const micros = BigInt(String(value)) * toMicros;
    const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const seconds = Number((micros - fraction) / 1_000_000n);
    const type = zone === '' ? 'datetime' : 'timestamp';
    const iso = isoText(seconds * 1000, type, value)
      .slice(0, 19)
      .replace('T', ' ');
    return `${iso}.${fraction.toString().padStart(6, '0')}${zone}`;
  };
};

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${parts.map((part) => part.toString().padStart(2, '0')).join(':')}.${micros.toString().padStart(6, '0')}`;
}

/** BigQuery types of Avro's logical types, except decimals. */
export const LOGICAL_TYPES: Record<string, [string, FromAvro]> = {
  date: ['DATE', date],
  'time-millis': ['TIME', timeOf(1e3)],
  'time-micros': ['TIME', timeOf(1e6)],
  'timestamp-millis': ['TIMESTAMP', momentOf(1000n, ' UTC')],
  'timestamp-micros': ['TIMESTAMP', momentOf(1n, ' UTC')],
  'local-timestamp-millis': ['DATETIME', momentOf(1000n, '')],
  'local-timestamp-micros': ['DATETIME', momentOf(1n, '')],
};

/** Reads a decimal: big-endian two's complement with `scale` digits after the point. */
export function decimalOf(scale: number): FromAvro {
  return (value) => {
    if (!(value instanceof Uint8Array)) return value;
    const data = Buffer.from(value);
    const units = data.length === 0 ? 0n : BigInt.asIntN(data.length * 8, BigInt(`0x${data.toString('hex')}`));
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    const point = digits.length - scale;
    const text = scale > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
    return new NumberText(units < 0n ? `-${text}` : text);
  };
}

/** The text of a number, for decimals that become STRING. */
export const textOf: FromAvro = (value) => (value instanceof NumberText ? value.text : value);
