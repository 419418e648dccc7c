import type { RuleProblem } from '../rules/errorCodes';
import { isRuleFile, parseRuleFile } from '../rules/parseRuleFile';
import { type Resources, resourceUrls } from '../rules/resources';
import { RuleSet } from '../rules/ruleSet';
import type { Rule } from '../rules/types';
import { LocalFolder } from './localFolder';
import type { ObjectInfo, ObjectStore } from './objectStore';

/** What reads a rule folder. */
interface Source {
  read(url: string): Promise<string | undefined>;
  list(folderUrl: string, options: { readonly recursive: true }): Promise<ObjectInfo[]>;
}

/** What a scan tells of: files that cannot serve, and what is doubtful in those that do. */
export type RuleReport = (problem: RuleProblem, level: 'refused' | 'warning') => void;

/**
 * The rules below RulesURL, a folder or a `gs://` prefix. A scan lists the files and reads what is new or changed (spec 1,
 * section 1.5); it is made when somebody asks and the last one is older than `checkInMs`.
 */
export class RuleStore {
  private set = RuleSet.empty;
  private readonly versions = new Map<string, string>();
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

  /** The rule set, at most `checkInMs` old. @throws what the storage throws, when there is no set to fall back on. */
  async current(): Promise<RuleSet> {
    if (this.now() - this.scannedAtMs < this.checkInMs) return this.set;
    this.scanning ??= this.scan().finally(() => {
      this.scanning = undefined;
    });
    await this.scanning;
    return this.set;
  }

  /** Today's rule of an ID; looks once more when the set does not know it. */
  async byId(id: string): Promise<Rule | undefined> {
    const known = (await this.current()).byId(id);
    if (known) return known;
    this.scannedAtMs = Number.NEGATIVE_INFINITY;
    return (await this.current()).byId(id);
  }

  private async scan(): Promise<void> {
    const startedMs = this.now();
    const files = (await this.source.list(this.rulesUrl, { recursive: true })).filter(({ url }) => isRuleFile(url));
    const changed = files.filter(({ url, generation }) => this.versions.get(url) !== generation);
    const texts = await Promise.all(changed.map(async (file) => ({ ...file, text: await this.source.read(file.url) })));
    const present = texts.flatMap(({ url, text }) => (text === undefined ? [] : [{ url, text }]));
    const resources = await this.readResources(present);
    this.set = this.set.withAll(present, resources);
    for (const { url, generation } of texts) this.versions.set(url, generation);
    this.forget(new Set(files.map(({ url }) => url)));
    this.scannedAtMs = startedMs;
    this.tell(new Set(present.map(({ url }) => url)));
  }

  /** Texts that the rules of new files name by URL; one that cannot be read refuses its file. */
  private async readResources(files: readonly { readonly url: string; readonly text: string }[]): Promise<Resources> {
    const urls = new Set(files.flatMap(({ url, text }) => resourceUrls(parseRuleFile(url, text).rules)));
    const texts = await Promise.all([...urls].map(async (url) => [url, await this.readText(url)] as const));
    return new Map(texts.flatMap(([url, text]) => (text === undefined ? [] : [[url, text]])));
  }

  private readText(url: string): Promise<string | undefined> {
    return (url.startsWith('gs://') ? this.objects : new LocalFolder()).read(url);
  }

  private forget(listed: ReadonlySet<string>): void {
    for (const url of this.versions.keys()) {
      if (listed.has(url)) continue;
      this.versions.delete(url);
      this.set = this.set.without(url);
    }
  }

  private tell(urls: ReadonlySet<string>): void {
    for (const problem of this.set.problems) if (urls.has(problem.url)) this.report(problem, 'refused');
    for (const warning of this.set.warnings) if (urls.has(warning.url)) this.report(warning, 'warning');
  }
}
