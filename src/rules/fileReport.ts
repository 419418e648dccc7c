import type { JsonPath } from '../json';
import { type RuleCode, type RuleProblem, ruleMessage } from './errorCodes';
import type { SourceText, TextPosition } from './sourceText';

export interface Details {
  readonly found?: unknown;
  readonly allowed?: string;
}

/** Collects the problems and warnings of one rule file. */
export class FileReport {
  /** Position of a value in the text; set once the text is read. */
  positionOf: SourceText['positionOf'] = () => undefined;
  private readonly collected: RuleProblem[] = [];

  constructor(private readonly url: string) {}

  /** @param path in the file's own spelling. */
  add(
    code: RuleCode,
    path: JsonPath,
    details: Details = {},
    position: TextPosition | undefined = this.positionOf(path),
  ): void {
    const values = { path: pathText(path), found: shown(details.found), allowed: details.allowed ?? '' };
    // `must be a number, found 1` would not show that the file has the text "1".
    const quoted =
      code === 'TypeInvalid' && typeof details.found === 'string' ? JSON.stringify(values.found) : undefined;
    const message = ruleMessage(code, { ...values, found: quoted ?? values.found });
    this.collected.push({ code, url: this.url, ...values, ...position, message });
  }

  /** A path and its line, for messages about another place of the file. */
  placeOf(path: JsonPath): string {
    const position = this.positionOf(path);
    return position ? `${pathText(path)} in line ${position.line}` : pathText(path);
  }

  /** All of them, in the order of the text. */
  get remarks(): readonly RuleProblem[] {
    return this.collected.toSorted((left, right) => {
      const { line = 0, column = 0 } = left;
      return line - (right.line ?? 0) || column - (right.column ?? 0);
    });
  }
}

function pathText(path: JsonPath): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${step}`)).join('');
}

const MAX_SHOWN = 80;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
