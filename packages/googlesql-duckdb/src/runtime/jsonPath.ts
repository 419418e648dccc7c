import { fail } from './define';
import type { Json } from './jsonText';

/** One step of a JSONPath: a member name or an item index. */
export type Step = string | number;

const cache = new Map<string, readonly Step[]>();

/** Parses a JSONPath to its steps. With `standard`, names are quoted as `"name"`, else as `['name']`. */
export function parsePath(path: string, standard: boolean): readonly Step[] {
  const key = `${standard}${path}`;
  let steps = cache.get(key);
  if (steps === undefined) {
    steps = read(path, standard);
    if (cache.size > 10_000) cache.clear();
    cache.set(key, steps);
  }
  return steps;
}

function read(path: string, standard: boolean): Step[] {
  if (!path.startsWith('$')) fail(`JSONPath must start with '$'`);
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length) {
    const rest = path.slice(at);
    const quoted = standard ? /^\."((?:[^"\\]|\\.)*)"/.exec(rest) : /^\[\s*'((?:[^'\\]|\\.)*)'\s*\]/.exec(rest);
    const bracketed = standard ? /^\[\s*"((?:[^"\\]|\\.)*)"\s*\]/.exec(rest) : undefined;
    const item = /^\[\s*(\d+)\s*\]/.exec(rest);
    const name = /^\.([^.[\]"'\s]+)/.exec(rest);
    const match = quoted ?? bracketed ?? item ?? name;
    if (match === null) fail(`Invalid token in JSONPath at: ${rest}`);
    steps.push(match === item ? Number(match[1]) : (match[1] ?? '').replace(/\\(.)/g, '$1'));
    at += match[0].length;
  }
  return steps;
}

/** Parses `lax $.a.b`, which returns all values that the path finds through arrays; undefined for other paths. */
export function laxPath(path: string): ((value: Json) => Json[]) | undefined {
  const [, mode = '', rest = ''] = /^\s*((?:lax|recursive)(?:\s+(?:lax|recursive))?)\s+(\$[\s\S]*)$/i.exec(path) ?? [];
  if (!/lax/i.test(mode)) return undefined;
  const inside = (value: Json): Json[] =>
    !Array.isArray(value) ? [value] : /recursive/i.test(mode) ? value.flatMap(inside) : value;
  const steps = parsePath(rest, true);
  return (value) =>
    steps.reduce<Json[]>(
      (matches, step) =>
        typeof step === 'number'
          ? matches.flatMap((one) => (Array.isArray(one) ? one : [one]).slice(step, step + 1))
          : matches
              .flatMap(inside)
              .flatMap((one) => (one instanceof Map && one.has(step) ? [one.get(step) ?? null] : [])),
      [value],
    );
}

/** The value at a path; undefined if there is none. */
export function walk(value: Json, steps: readonly Step[]): Json | undefined {
  let at: Json | undefined = value;
  for (const step of steps) {
    if (Array.isArray(at) && (typeof step === 'number' || /^\d+$/.test(step))) at = at[Number(step)];
    else if (at instanceof Map && typeof step === 'string') at = at.get(step);
    else if (at instanceof Map && typeof step === 'number') at = undefined;
    else return undefined;
    if (at === undefined) return undefined;
  }
  return at;
}
