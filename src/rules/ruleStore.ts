import { LocalFolder } from '../objects/localFolder';
import type { ObjectInfo, ObjectStore } from '../objects/objectStore';
import type { RuleProblem } from './errorCodes';
import { ignoredFiles, isRuleFile, parseRuleFile } from './parseRuleFile';
import { type Resources, resourceUrls } from './resources';
import { RuleSet } from './ruleSet';
import type { Rule } from './types';

/** Reader of a rule folder. */
interface RuleSource {
  read(url: string): Promise<string | undefined>;
  list(folderUrl: string, options: { readonly recursive: true }): Promise<ObjectInfo[]>;
}

/** Receives the results of a scan for new and changed files. */
export interface RuleReport {
  /** The file is in use from now on. */
  loaded(url: string, rules: number): void;
  /** The new version of the file is not loaded. */
  refused(problem: RuleProblem): void;
  /** The file is loaded, with a warning; or it is not a rule file. */
  warned(warning: RuleProblem): void;
}

/**
 * The rules below RulesURL, a folder or a `gs://` prefix. A scan lists the files and reads those that are new or changed. It runs
 * on use, when the last scan is older than `checkInMs`.
 */
export class RuleStore {
  private set = RuleSet.empty;
  /** Generations of the files in the set, by URL. */
  private readonly versions = new Map<string, string>();
  /** Versions of files that refer to an unreadable text: read again at each scan, but reported once. */
  private readonly incomplete = new Map<string, string>();
  /** Versions of the files that are not rule files and were reported. */
  private readonly ignored = new Map<string, string>();
  /** URLs of texts that rules refer to. */
  private readonly textUrls = new Set<string>();
  private scannedAtMs = Number.NEGATIVE_INFINITY;
  private scanning: Promise<void> | undefined;
  private readonly source: RuleSource;

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
   * The rule set, at most `checkInMs` old. During an outage of the storage, the last one.
   *
   * @throws what the storage throws, when no scan has succeeded yet.
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
   * The current rule with an ID; scans again when the set does not have it.
   *
   * @throws what the storage throws, since an outage does not make a rule unknown.
   */
  async byId(id: string): Promise<Rule | undefined> {
    const rule = (await this.current()).byId(id);
    if (rule) return rule;
    await this.scan();
    return this.set.byId(id);
  }

  /** Scans the folder now, or joins a running scan. @throws what the storage throws. */
  async scan(): Promise<void> {
    this.scanning ??= this.scanFolder().finally(() => {
      this.scanning = undefined;
    });
    await this.scanning;
  }

  private async scanFolder(): Promise<void> {
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
    this.reportFiles(this.recordVersions(present));
    this.reportIgnored(listed);
  }

  /** Records the versions that were read. @returns URLs of those to report. */
  private recordVersions(read: readonly ObjectInfo[]): ReadonlySet<string> {
    const incomplete = new Set(
      this.set.problems.filter(({ code }) => code === 'ResourceUnreadable').map(({ url }) => url),
    );
    const unreported = read.filter(
      ({ url, generation }) => !incomplete.has(url) || this.incomplete.get(url) !== generation,
    );
    for (const { url, generation } of read) {
      if (incomplete.has(url)) this.incomplete.set(url, generation);
      else this.versions.set(url, generation);
    }
    return new Set(unreported.map(({ url }) => url));
  }

  /** Texts that the rules of new files refer to by URL. A file with an unreadable text is refused. */
  private async readResources(files: readonly { readonly url: string; readonly text: string }[]): Promise<Resources> {
    const urls = new Set(files.flatMap(({ url, text }) => resourceUrls(parseRuleFile(url, text).rules)));
    for (const url of urls) this.textUrls.add(url);
    const texts = await Promise.all([...urls].map(async (url) => [url, await this.readText(url)] as const));
    return new Map(texts.flatMap(([url, text]) => (text === undefined ? [] : [[url, text]])));
  }

  private readText(url: string): Promise<string | undefined> {
    // No error of one text may keep other files from being loaded. The next scan reads it again.
    if (url.startsWith('gs://')) return this.objects.read(url).catch(() => undefined);
    // Rules from a bucket must not read files of this machine.
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

  private reportIgnored(listed: readonly ObjectInfo[]): void {
    const unreported = listed.filter(({ url, generation }) => this.ignored.get(url) !== generation);
    const warnings = new Map(
      ignoredFiles(
        unreported.map(({ url }) => url),
        this.textUrls,
      ).map((warning) => [warning.url, warning]),
    );
    for (const { url, generation } of unreported) {
      const warning = warnings.get(url);
      if (!warning) continue;
      this.ignored.set(url, generation);
      this.report.warned(warning);
    }
  }

  private reportFiles(urls: ReadonlySet<string>): void {
    const { problems, warnings, rules } = this.set;
    for (const problem of problems) if (urls.has(problem.url)) this.report.refused(problem);
    for (const warning of warnings) if (urls.has(warning.url)) this.report.warned(warning);
    const refused = new Set(problems.map(({ url }) => url));
    for (const url of urls) {
      if (!refused.has(url)) this.report.loaded(url, rules.filter((rule) => rule.url === url).length);
    }
  }
}
