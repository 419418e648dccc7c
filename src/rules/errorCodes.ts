/**
 * All problems and warnings of rule files. Tests, the CLI and users' tools rely on the code; the text may change.
 * `{path}`, `{found}` and `{allowed}` are replaced.
 */
export const ruleCodes = {
  SyntaxInvalid: refusal('the file is not valid {allowed}: {found}'),
  FileEmpty: refusal('the file contains no rule'),
  ExtensionInvalid: refusal('the name of a rule file must end with {allowed}, found {found}'),
  TooDeep: refusal('the file is nested too deeply, or contains itself'),
  TypeInvalid: refusal('{path} must be {allowed}, found {found}'),
  NumberInvalid: refusal('{path} must be {allowed}, found {found}'),

  IdInvalid: refusal('{path} must be {allowed}, found {found}'),
  IdRepeated: refusal('{path} {found} is the ID of another rule of the file already: {allowed}'),
  DestMissing: refusal('{path} is missing: every rule needs a destination'),
  TableMissing: refusal('{path} is missing: every rule needs a destination table'),
  TableInvalid: refusal('{path} must be {allowed}, found {found}'),
  ModInvalid: refusal('{path} must use {allowed}, found {found}'),
  RegexpInvalid: refusal('{path} is not a valid RE2 regular expression: {found}'),
  ParameterIncomplete: refusal('{path} is missing'),
  FunctionUnknown: refusal('{path} calls the unknown function {found}; allowed functions are {allowed}'),
  FunctionInvalid: refusal('{path} is not valid: {found}; expected {allowed}'),
  ExpiryInvalid: refusal('{path} must be {allowed}; found {found}'),

  TransientDatasetMissing: refusal('{path} is missing'),
  TransientMissing: refusal(
    '{path} needs Dest.Transient: rows are transformed when they are copied from a temporary table',
  ),
  AutodetectExcluded: refusal(
    '{path} cannot be used with Dest.Schema.Autodetect: the columns to transform are not known in advance',
  ),
  CopyMethodInvalid: refusal('{path} must be one of {allowed}, found {found}'),
  SplitMappingMissing: refusal('{path} is missing or empty'),
  SplitMappingIncomplete: refusal('{path} is missing or empty'),
  SideInputSourceMissing: refusal('{path} needs Table or From'),
  SideInputAliasMissing: refusal('{path} is missing'),
  SideInputOnMissing: refusal('{path} is missing'),
  SideInputOnIncomplete: refusal('{path} must contain {allowed}, found {found}'),

  ActionMissing: refusal('{path} is missing: every action needs a name'),
  ActionUnknown: refusal('{path} is the unknown action {found}; allowed actions are {allowed}'),
  ActionNested: refusal('{path} is not allowed: a {found} action cannot have OnSuccess or OnFailure'),
  RequestIncomplete: refusal('{path} is missing; required: {allowed}'),
  ResourceUnreadable: refusal('{path} names {found}, which cannot be read'),
  UntilInvalid: refusal('{path} must be {allowed}, found {found}'),

  FileIgnored: warning('the file is not read: the name of a rule file must end with {allowed}, found {found}'),
  KeyUnknown: warning('{path} is not a known key and is ignored{allowed}'),
  KeyIgnored: warning('{path} has no effect{allowed}'),
  KeyRepeated: warning('{path} is given more than once; the last value is used'),
  ValueUnknown: warning('{path} is {found}; documented values are {allowed}'),
  DocumentIgnored: warning('only the first YAML document of the file is read'),
  IdMissing: warning(
    '{path} has the When and Dest.Table of another rule of the file, {allowed}: give both of them an ID',
  ),
  NeverMatches: warning('{path} {found} matches no file: {allowed}'),
  WindowShort: warning('{path} is {found}; windows shorter than {allowed} make many small load jobs'),
  PatternMissing: warning('{path} has no effect without Dest.Pattern'),
  DispositionOverwritten: warning('{path} {found} becomes WRITE_APPEND because of AllowFieldAddition; {allowed}'),
} as const satisfies Record<string, CodeEntry>;

export type RuleCode = keyof typeof ruleCodes;

interface CodeEntry {
  /** A file with a refusal is not loaded; its last valid version stays in use. A file with warnings is loaded. */
  readonly level: 'refusal' | 'warning';
  readonly message: string;
}

/** A problem or a warning about a rule file. */
export interface RuleProblem {
  readonly code: RuleCode;
  readonly url: string;
  /** In the file's own spelling, e.g. `[1].Dest.Transient.CopyMethod`; empty for the file as a whole. */
  readonly path: string;
  /** Counted from 1; absent when the problem is not at one place in the text. */
  readonly line?: number;
  readonly column?: number;
  readonly found: string;
  readonly allowed: string;
  readonly message: string;
}

/** Whether a file with this code is not loaded. */
export function refuses(code: RuleCode): boolean {
  return ruleCodes[code].level === 'refusal';
}

export function isRuleCode(text: string): text is RuleCode {
  return Object.hasOwn(ruleCodes, text);
}

/** The message of a code, with path, found and allowed values. */
export function ruleMessage(code: RuleCode, values: Pick<RuleProblem, 'path' | 'found' | 'allowed'>): string {
  const { path, found, allowed } = values;
  // A function, because `$1` in a replacement text would have a special meaning.
  return ruleCodes[code].message
    .replace('{path}', () => path || 'the file')
    .replace('{found}', () => found)
    .replace('{allowed}', () => allowed);
}

function refusal(message: string): CodeEntry {
  return { level: 'refusal', message };
}

function warning(message: string): CodeEntry {
  return { level: 'warning', message };
}
