import type { JsonObject, JsonValue } from '../../rules/types';

/** Lines one step further to the right. */
export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** Text of several lines, blank ones left out. */
export function displayed(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Settings one a line, texts of several lines below their name; those named in `told` are left out. */
export function settings(object: JsonObject, told: readonly string[] = []): readonly string[] {
  return Object.entries(object)
    .filter(([name]) => !told.includes(name))
    .flatMap(([name, value]) => setting(name, value));
}

function setting(name: string, value: JsonValue): readonly string[] {
  if (typeof value !== 'string') return [`${name}: ${JSON.stringify(value)}`];
  const lines = displayed(value);
  return lines.length > 1 ? [`${name}:`, ...indent(lines)] : [`${name}: ${value}`];
}
