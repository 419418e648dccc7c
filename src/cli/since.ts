import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses a point in time: an age such as `90m`, `2h`, `7d`, or an RFC 3339 time.
 *
 * @returns Unix milliseconds.
 * @throws InvalidArgumentError
 */
export function sinceMs(text: string, nowMs: number = Date.now()): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError(`found ${text}; allowed are an age such as 90m, 2h, 7d, or an RFC 3339 time.`);
}
