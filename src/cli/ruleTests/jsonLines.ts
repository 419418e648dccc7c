import { isObject, parseJson } from '../../json';
import { CommandError } from '../commandError';
import type { Row } from './testCase';

/**
 * Parses rows, one JSON object per line. Empty lines and lines that begin with `//` are skipped.
 *
 * @throws CommandError that names file and line.
 */
export function jsonLines(text: string, file: string): readonly Row[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '' || line.trimStart().startsWith('//')) return [];
    const row = parseJson(line);
    if (isObject(row)) return [row];
    throw new CommandError(`${file}:${at + 1}: found ${line.slice(0, 80)}; allowed is one JSON object per line`);
  });
}
