/**
 * Everything that can be said about a rule file. Tests, the CLI and users' own tools go by the code; the text may change.
 * `{path}`, `{found}` and `{allowed}` are filled in.
 */
export const ruleCodes = {
  SyntaxInvalid: refusal('the file is not valid {allowed}: {found}'),
  FileEmpty: refusal('the file holds no rule'),
  ExtensionInvalid: refusal('a rule file ends with {allowed}, this one is {found}'),
  TooDeep: refusal('the file is nested too deeply'),
  TypeInvalid: refusal('{path} must be {allowed}, found {found}'),
  NumberInvalid: refusal('{path} must be {allowed}, found {found}'),

  DestMissing: refusal('the rule has no Dest'),
  TableMissing: refusal('{path} is missing: every rule names its destination table'),
  TableInvalid: refusal('{path} must be {allowed}, found {found}'),
  ModInvalid: refusal('{path} uses $Mod as {found}; it takes {allowed}'),
  RegexpInvalid: refusal('{path} is no RE2 regular expression: {found}'),
  ParameterIncomplete: refusal('{path} is missing'),
  FunctionUnknown: refusal('{path} calls {found}; known functions are {allowed}'),
  FunctionInvalid: refusal('{path}: {found}; expected {allowed}'),
  ExpiryInvalid: refusal('{path} must be {allowed}; found {found}'),

  TransientDatasetMissing: refusal('{path} is missing'),
  TransientMissing: refusal('{path} needs Dest.Transient: rows are transformed on their way out of a temporary table'),
  AutodetectExcluded: refusal('{path} cannot go with Dest.Schema.Autodetect: the columns to transform are not known'),
  CopyMethodInvalid: refusal('{path} must be {allowed}, found {found}'),
  SplitMappingMissing: refusal('{path} is missing or empty'),
  SplitMappingIncomplete: refusal('{path} is missing or empty'),
  SideInputSourceMissing: refusal('{path} needs Table or From'),
  SideInputAliasMissing: refusal('{path} is missing'),
  SideInputOnMissing: refusal('{path} is missing'),
  SideInputOnIncomplete: refusal('{path} must mention {allowed}, found {found}'),

  ActionMissing: refusal('{path} is missing: an action has a name'),
  ActionUnknown: refusal('{path} is {found}; known actions are {allowed}'),
  ActionNested: refusal('{path} is not possible: {found} takes no further actions'),
  RequestIncomplete: refusal('{path} is missing; needed: {allowed}'),
  ResourceUnreadable: refusal('{path} names {found}, which cannot be read'),
  UntilInvalid: refusal('{path} must be {allowed}, found {found}'),

  FileIgnored: warning('the file is not read: rules are in files that end with {allowed}, this one is {found}'),
  KeyUnknown: warning('{path} is no known key and is ignored{allowed}'),
  KeyIgnored: warning('{path} has no effect{allowed}'),
  KeyRepeated: warning('{path} is given more than once; the last one counts'),
  ValueUnknown: warning('{path} is {found}; documented values are {allowed}'),
  DocumentIgnored: warning('only the first YAML document of the file is read'),
  NeverMatches: warning('{path} {found} matches no file: {allowed}'),
  WindowShort: warning('{path} is {found}; windows below {allowed} make many small jobs'),
  PatternMissing: warning('{path} has no effect without Dest.Pattern'),
  DispositionOverwritten: warning('{path} {found} becomes WRITE_APPEND because of AllowFieldAddition; {allowed}'),
} as const satisfies Record<string, CodeEntry>;

export type RuleCode = keyof typeof ruleCodes;

interface CodeEntry {
  /** A refusal keeps the file's new version from serving; a warning does not. */
  readonly level: 'refusal' | 'warning';
  readonly message: string;
}

/** One thing that is wrong or doubtful in a rule file. */
export interface RuleProblem {
  readonly code: RuleCode;
  readonly url: string;
  /** In the file's own spelling, e.g. `[1].Dest.Transient.CopyMethod`; empty for the file as a whole. */
  readonly path: string;
  /** From 1; absent when the text has no such place. */
  readonly line?: number;
  readonly column?: number;
  readonly found: string;
  readonly allowed: string;
  readonly message: string;
}

/** Whether a code keeps the file from serving. */
export function refuses(code: RuleCode): boolean {
  return ruleCodes[code].level === 'refusal';
}

export function isRuleCode(text: string): text is RuleCode {
  return Object.hasOwn(ruleCodes, text);
}

/** The message of a code with its places filled in. */
export function ruleMessage(code: RuleCode, places: Pick<RuleProblem, 'path' | 'found' | 'allowed'>): string {
  const { path, found, allowed } = places;
  // A replacement function, because a replacement text would read `$1` in what the user wrote.
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
