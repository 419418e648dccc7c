import type { RuleProblem } from './errorCodes';
import { cleanPath } from './objectPath';
import { type ParsedRuleFile, parseRuleFile } from './parseRuleFile';
import { type Resources, readResources } from './resources';
import { RuleIndex } from './ruleIndex';
import type { Rule } from './types';
import { closes } from './when';

/** What the rule set says about a file (spec 1, section 3). */
export type Match =
  | { readonly status: 'noMatch'; readonly rules: readonly [] }
  | { readonly status: 'matched' | 'disabled'; readonly rules: readonly [Rule] }
  | { readonly status: 'ambiguous'; readonly rules: readonly Rule[] };

/** A rule file as the set knows it. */
interface RuleFile {
  readonly text: string;
  /** The last version without problems; empty when there was none yet. */
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/**
 * All rules in force; a changed set is a new one. A file with problems keeps serving its last good version (spec 1,
 * section 8, no. 15), and never touches the rules of other files.
 *
 * @example
 * const rules = RuleSet.empty.with('gs://c/Rules/a.yaml', 'When: {Prefix: /a/}\nDest: {Table: ds.a}');
 * rules.match('gs://trigger/a/1.json').status // 'matched'
 */
export class RuleSet {
  static readonly empty = new RuleSet(new Map());

  // Made at the first question, so that a row of changes costs one index.
  private ordered: readonly Rule[] | undefined;
  private index: RuleIndex | undefined;
  private ids: ReadonlyMap<string, Rule> | undefined;
  private closing: readonly Rule[] | undefined;

  private constructor(private readonly files: ReadonlyMap<string, RuleFile>) {}

  /**
   * The set with a new or changed file. Texts that rules name by SQLURL or BodyURL are put in from `resources`; without it
   * they stay to be read later.
   */
  with(url: string, text: string, resources?: Resources): RuleSet {
    return this.withAll([{ url, text }], resources);
  }

  /** The set with many files at once, such as all below RulesURL at start. */
  withAll(files: Iterable<{ readonly url: string; readonly text: string }>, resources?: Resources): RuleSet {
    const changed = new Map(this.files);
    for (const { url, text } of files) {
      const parsed = readResources(parseRuleFile(url, text), resources);
      changed.set(url, fileOf(text, parsed, changed.get(url)));
    }
    return new RuleSet(changed);
  }

  /** The set without a file that is gone. */
  without(url: string): RuleSet {
    if (!this.files.has(url)) return this;
    return new RuleSet(new Map([...this.files].filter(([known]) => known !== url)));
  }

  /** Rules by file URL and position. */
  get rules(): readonly Rule[] {
    this.ordered ??= this.urls.flatMap((url) => this.files.get(url)?.rules ?? []);
    return this.ordered;
  }

  /** URLs of the files, served or refused. */
  get urls(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  /** What keeps the newest version of some files from serving. */
  get problems(): readonly RuleProblem[] {
    return this.urls.flatMap((url) => this.files.get(url)?.problems ?? []);
  }

  get warnings(): readonly RuleProblem[] {
    return this.urls.flatMap((url) => this.files.get(url)?.warnings ?? []);
  }

  /** Text of a file as it was last given, whether it serves or not. */
  textOf(url: string): string | undefined {
    return this.files.get(url)?.text;
  }

  /** The rule `<file URL>#<position>`. */
  byId(id: string): Rule | undefined {
    this.ids ??= new Map(this.rules.map((rule) => [rule.id, rule]));
    return this.ids.get(id);
  }

  /**
   * Enabled rules whose batches an object may close by its name (Batch.Window.Until), if data of theirs lies in its folder or
   * below.
   */
  closedBy(pathOrUrl: string): readonly Rule[] {
    this.closing ??= this.rules.filter(({ disabled, batch }) => !disabled && batch?.window.until !== undefined);
    if (this.closing.length === 0) return [];
    const path = cleanPath(pathOrUrl);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return this.closing.filter((rule) => {
      const { prefix } = rule.when;
      return closes(rule, path) && (folder.startsWith(prefix) || prefix.startsWith(folder));
    });
  }

  /**
   * The rule of a file, by path or URL. Of several that match, disabled ones step back; several enabled ones are an error of
   * the rules, told as `ambiguous`.
   */
  match(pathOrUrl: string): Match {
    this.index ??= new RuleIndex(this.rules);
    const all = this.index.find(cleanPath(pathOrUrl));
    const enabled = all.filter(({ disabled }) => !disabled);
    const left = enabled.length > 0 ? enabled : all.slice(0, 1);
    const [rule] = left;
    if (rule === undefined) return { status: 'noMatch', rules: [] };
    if (left.length > 1) return { status: 'ambiguous', rules: left };
    return { status: rule.disabled ? 'disabled' : 'matched', rules: [rule] };
  }
}

function fileOf(text: string, parsed: ParsedRuleFile, before: RuleFile | undefined): RuleFile {
  const rules = parsed.problems.length === 0 ? parsed.rules : (before?.rules ?? []);
  return { text, rules, problems: parsed.problems, warnings: parsed.warnings };
}
