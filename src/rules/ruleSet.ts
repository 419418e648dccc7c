import type { RuleProblem } from './errorCodes';
import { cleanPath } from './objectPath';
import { type ParsedRuleFile, parseRuleFile } from './parseRuleFile';
import { type Resources, readResources } from './resources';
import { RuleIndex } from './ruleIndex';
import type { Rule } from './types';
import { closes } from './when';

/** The rules that match a file. */
export type Match =
  | { readonly status: 'noMatch'; readonly rules: readonly [] }
  | { readonly status: 'matched' | 'disabled'; readonly rules: readonly [Rule] }
  | { readonly status: 'ambiguous'; readonly rules: readonly Rule[] };

/** A rule file in the set. */
interface RuleFile {
  readonly text: string;
  /** Rules of the last version without problems; empty when there was none. */
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

/**
 * All rules in force, immutable: a change makes a new set. When a new version of a file has problems, its last valid version
 * stays in use, so a typing error cannot stop a running pipeline. Other files are never affected.
 *
 * @example
 * const rules = RuleSet.empty.with('gs://c/Rules/a.yaml', 'When: {Prefix: /a/}\nDest: {Table: ds.a}');
 * rules.match('gs://trigger/a/1.json').status // 'matched'
 */
export class RuleSet {
  static readonly empty = new RuleSet(new Map());

  // Built on first use, so several changes cost one rebuild.
  private ordered: readonly Rule[] | undefined;
  private index: RuleIndex | undefined;
  private ids: ReadonlyMap<string, Rule> | undefined;
  private closing: readonly Rule[] | undefined;

  private constructor(private readonly files: ReadonlyMap<string, RuleFile>) {}

  /**
   * The set with a new or changed file. Texts that rules refer to by SQLURL or BodyURL are inserted from `resources`. Without
   * `resources`, the URLs stay in the requests.
   */
  with(url: string, text: string, resources?: Resources): RuleSet {
    return this.withAll([{ url, text }], resources);
  }

  /** The set with several new or changed files. */
  withAll(files: Iterable<{ readonly url: string; readonly text: string }>, resources?: Resources): RuleSet {
    const changed = new Map(this.files);
    for (const { url, text } of files) {
      const parsed = readResources(parseRuleFile(url, text), resources);
      changed.set(url, fileOf(text, parsed, changed.get(url)));
    }
    return new RuleSet(changed);
  }

  /** The set without a deleted file. */
  without(url: string): RuleSet {
    if (!this.files.has(url)) return this;
    return new RuleSet(new Map([...this.files].filter(([other]) => other !== url)));
  }

  /** All rules, ordered by file URL and position. */
  get rules(): readonly Rule[] {
    this.ordered ??= this.urls.flatMap((url) => this.files.get(url)?.rules ?? []);
    return this.ordered;
  }

  /** URLs of all files, loaded or refused. */
  get urls(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  /** Problems of the files whose newest version is refused. */
  get problems(): readonly RuleProblem[] {
    return this.urls.flatMap((url) => this.files.get(url)?.problems ?? []);
  }

  get warnings(): readonly RuleProblem[] {
    return this.urls.flatMap((url) => this.files.get(url)?.warnings ?? []);
  }

  /** Newest text of a file, loaded or refused. */
  textOf(url: string): string | undefined {
    return this.files.get(url)?.text;
  }

  /** The rule with an ID. */
  byId(id: string): Rule | undefined {
    this.ids ??= new Map(this.rules.map((rule) => [rule.id, rule]));
    return this.ids.get(id);
  }

  /**
   * Enabled rules whose batches are sealed by an object of this name (Batch.Window.Until), as far as their files may be in its
   * folder or below.
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
   * The rule for a file, by path or URL. Disabled rules count only when no enabled rule matches. Several enabled rules for one
   * file are an error in the rules: `ambiguous`.
   */
  match(pathOrUrl: string): Match {
    this.index ??= new RuleIndex(this.rules);
    const all = this.index.find(cleanPath(pathOrUrl));
    const enabled = all.filter(({ disabled }) => !disabled);
    const matching = enabled.length > 0 ? enabled : all.slice(0, 1);
    const [rule] = matching;
    if (rule === undefined) return { status: 'noMatch', rules: [] };
    if (matching.length > 1) return { status: 'ambiguous', rules: matching };
    return { status: rule.disabled ? 'disabled' : 'matched', rules: [rule] };
  }
}

function fileOf(text: string, parsed: ParsedRuleFile, before: RuleFile | undefined): RuleFile {
  const rules = parsed.problems.length === 0 ? parsed.rules : (before?.rules ?? []);
  return { text, rules, problems: parsed.problems, warnings: parsed.warnings };
}
