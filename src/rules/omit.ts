import type { OwnPath } from './sourceText';

/** A copy of data without the value at a path; an item of a list gives way to a filler. */
export function without(data: unknown, path: OwnPath, filler: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return {};
  if (Array.isArray(data))
    return data.map((item: unknown, at) =>
      at !== step ? item : rest.length > 0 ? without(item, rest, filler) : filler,
    );
  if (typeof data !== 'object' || data === null) return data;
  const kept = Object.entries(data).filter(([key]) => rest.length > 0 || key !== String(step));
  return Object.fromEntries(
    kept.map(([key, value]): [string, unknown] => [key, key === String(step) ? without(value, rest, filler) : value]),
  );
}
