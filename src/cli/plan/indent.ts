import type { JsonObject, JsonValue } from '../../rules/types';

/** Indents lines by one step; empty lines stay empty. */
export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** The lines of a text that are not blank. */
export function textLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** One line per setting, except those in `omitted`. A text of several lines follows its name. */
export function settings(object: JsonObject, omitted: readonly string[] = []): readonly string[] {
  return Object.entries(object)
    .filter(([name]) => !omitted.includes(name))
    .flatMap(([name, value]) => setting(name, value));
}

function setting(name: string, value: JsonValue): readonly string[] {
  if (typeof value !== 'string') return [`${name}: ${JSON.stringify(value)}`];
  const lines = textLines(value);
  return lines.length > 1 ? [`${name}:`, ...indent(lines)] : [`${name}: ${value}`];
}
