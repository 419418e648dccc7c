import { LocalFolder } from '../objects/localFolder';
import type { ObjectInfo, ObjectStore } from '../objects/objectStore';
import type { RuleProblem } from './errorCodes';
import { ignoredFiles, isRuleFile, parseRuleFile } from './parseRuleFile';
import { type Resources, resourceUrls } from './resources';
import { RuleSet } from './ruleSet';
import type { Rule } from './types';

/** What reads a rule folder. */
interface Source {
  read(url: string): Promise<string | undefined>;
  list(folderUrl: string, options: { readonly recursive: true }): Promise<ObjectInfo[]>;
}

/** What a scan tells of new and changed files. */
export interface RuleReport {
  /** The file serves from now on. */
  loaded(url: string, rules: number): void;
  /** The new version of the file cannot serve. */
  refused(problem: RuleProblem): void;
  /** The file serves, but something in it is doubtful; or it is not read at all. */
  doubtful(warning: RuleProblem): void;
}

/**
 * The rules below RulesURL, a folder or a `gs://` prefix. A scan lists the files and reads what is new or changed (spec 1,
 * section 1.5); it is made when somebody asks and the last one is older than `checkInMs`.
 */
export class RuleStore {
  private set = RuleSet.empty;
  private readonly versions = new Map<string, string>();
  /** Versions of files that name a text which could not be read: read again at each scan, told once. */
  private readonly incomplete = new Map<string, string>();
  /** Versions of files that are not read, as they were told. */
  private readonly ignored = new Map<string, string>();
  /** Texts that rules have named. */
  private readonly named = new Set<string>();
  private scannedAtMs = Number.NEGATIVE_INFINITY;
  private scanning: Promise<void> | undefined;
  private readonly source: Source;

  constructor(
    private readonly rulesUrl: string,
    private readonly checkInMs: number,
    private readonly objects: ObjectStore,
    private readonly report: RuleReport,
    private readonly now: () => number = Date.now,
  ) {
    this.source = rulesUrl.startsWith('gs://') ? objects : new LocalFolder();
  }

  /**
   * The rule set, at most `checkInMs` old, or the last one when the storage cannot tell.
   *
   * @throws what the storage throws, when there is no set to fall back on.
   */
  async current(): Promise<RuleSet> {
    if (this.now() - this.scannedAtMs < this.checkInMs) return this.set;
    try {
      await this.scan();
    } catch (error) {
      if (this.scannedAtMs === Number.NEGATIVE_INFINITY) throw error;
      this.scannedAtMs = this.now();
    }
    return this.set;
  }

  /**
   * Today's rule of an ID; looks once more when the set does not know it.
   *
   * @throws what the storage throws: an outage does not make a rule unknown.
   */
  async byId(id: string): Promise<Rule | undefined> {
    const known = (await this.current()).byId(id);
    if (known) return known;
    await this.scan();
    return this.set.byId(id);
  }

  /** Looks at the folder now, or takes part in the look under way. @throws what the storage throws. */
  async scan(): Promise<void> {
    this.scanning ??= this.look().finally(() => {
      this.scanning = undefined;
    });
    await this.scanning;
  }

  private async look(): Promise<void> {
    const startedMs = this.now();
    const listed = await this.source.list(this.rulesUrl, { recursive: true });
    const files = listed.filter(({ url }) => isRuleFile(url));
    const changed = files.filter(({ url, generation }) => this.versions.get(url) !== generation);
    const texts = await Promise.all(changed.map(async (file) => ({ ...file, text: await this.source.read(file.url) })));
    const present = texts.flatMap(({ text, ...file }) => (text === undefined ? [] : [{ ...file, text }]));
    const resources = await this.readResources(present);
    this.set = this.set.withAll(present, resources);
    this.forget(new Set(files.map(({ url }) => url)));
    this.scannedAtMs = startedMs;
    this.tell(this.note(present));
    this.tellIgnored(listed);
  }

  /** Notes the versions read. @returns URLs of those that were not told of yet. */
  private note(read: readonly ObjectInfo[]): ReadonlySet<string> {
    const waiting = new Set(
      this.set.problems.filter(({ code }) => code === 'ResourceUnreadable').map(({ url }) => url),
    );
    const news = read.filter(({ url, generation }) => !waiting.has(url) || this.incomplete.get(url) !== generation);
    for (const { url, generation } of read) {
      if (waiting.has(url)) this.incomplete.set(url, generation);
      else this.versions.set(url, generation);
    }
    return new Set(news.map(({ url }) => url));
  }

  /** Texts that the rules of new files name by URL; one that cannot be read refuses its file. */
  private async readResources(files: readonly { readonly url: string; readonly text: string }[]): Promise<Resources> {
    const urls = new Set(files.flatMap(({ url, text }) => resourceUrls(parseRuleFile(url, text).rules)));
    for (const url of urls) this.named.add(url);
    const texts = await Promise.all([...urls].map(async (url) => [url, await this.readText(url)] as const));
    return new Map(texts.flatMap(([url, text]) => (text === undefined ? [] : [[url, text]])));
  }

  private readText(url: string): Promise<string | undefined> {
    // Whatever the reason, it must not keep other files from serving; the file is read again at the next scan.
    if (url.startsWith('gs://')) return this.objects.read(url).catch(() => undefined);
    // Who may write rules into a bucket may not read files of the machine by them.
    if (this.rulesUrl.startsWith('gs://')) return Promise.resolve(undefined);
    return new LocalFolder().read(url).catch(() => undefined);
  }

  private forget(listed: ReadonlySet<string>): void {
    for (const url of this.set.urls) {
      if (listed.has(url)) continue;
      this.versions.delete(url);
      this.incomplete.delete(url);
      this.set = this.set.without(url);
    }
  }

  private tellIgnored(listed: readonly ObjectInfo[]): void {
    const news = listed.filter(({ url, generation }) => this.ignored.get(url) !== generation);
    const warnings = new Map(
      ignoredFiles(
        news.map(({ url }) => url),
        this.named,
      ).map((warning) => [warning.url, warning]),
    );
    for (const { url, generation } of news) {
      const warning = warnings.get(url);
      if (!warning) continue;
      this.ignored.set(url, generation);
      this.report.doubtful(warning);
    }
  }

  private tell(urls: ReadonlySet<string>): void {
    const { problems, warnings, rules } = this.set;
    for (const problem of problems) if (urls.has(problem.url)) this.report.refused(problem);
    for (const warning of warnings) if (urls.has(warning.url)) this.report.doubtful(warning);
    const refused = new Set(problems.map(({ url }) => url));
    for (const url of urls) {
      if (!refused.has(url)) this.report.loaded(url, rules.filter((rule) => rule.url === url).length);
    }
  }
}
