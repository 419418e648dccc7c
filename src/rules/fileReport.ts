import { type RuleCode, type RuleProblem, ruleMessage } from './errorCodes';
import type { OwnPath, Place, SourceText } from './sourceText';

export interface Details {
  readonly found?: unknown;
  readonly allowed?: string;
}

/** Collects what is said about one file. */
export class FileReport {
  place: SourceText['place'] = () => undefined;
  private readonly found: RuleProblem[] = [];

  constructor(private readonly url: string) {}

  add(code: RuleCode, path: OwnPath, details: Details = {}, place: Place | undefined = this.place(path)): void {
    const places = { path: pathText(path), found: show(details.found), allowed: details.allowed ?? '' };
    this.found.push({ code, url: this.url, ...places, ...place, message: ruleMessage(code, places) });
  }

  /** What was said, from top to bottom of the file. */
  get remarks(): readonly RuleProblem[] {
    return this.found.toSorted((left, right) => {
      const { line = 0, column = 0 } = left;
      return line - (right.line ?? 0) || column - (right.column ?? 0);
    });
  }
}

function pathText(path: OwnPath): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${step}`)).join('');
}

const SHOWN = 80;

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
