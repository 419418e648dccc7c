import { type Config, ConfigError } from '../config/config';
import { internalFileKind } from '../journal/names';
import type { ObjectInfo } from '../objects/objectStore';
import { objectUrl, parseObjectUrl } from '../objects/objectUrl';
import { placementIfValid } from '../rules/placement';
import type { RuleSet } from '../rules/ruleSet';
import type { RuleStore } from '../rules/ruleStore';
import type { Rule } from '../rules/types';
import type { BackfillReport, BackfillRequest } from '../workflows/contract';
import type { FileResubmitter, Resubmission } from './fileResubmitter';

/** Lists objects in pages, by the prefix of their names. */
export interface ObjectPages {
  pages(prefixUrl: string): AsyncIterable<readonly ObjectInfo[]>;
}

/** A request names an unknown rule. */
export class RuleUnknownError extends ConfigError {}

/** Loads files whose event was missed: lists the files of rules, and sends those that the ledger does not have. */
export class Backfill {
  /** @param makeResubmitter called once per run, because a resubmitter caches its listings. */
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly objects: ObjectPages,
    private readonly makeResubmitter: () => FileResubmitter,
  ) {}

  /**
   * @param onPage gets the results of each page.
   * @throws RuleUnknownError; what storage and Temporal throw. Files that were sent before stay sent; sending them again is safe.
   */
  async run(
    request: BackfillRequest,
    onPage: (files: readonly Resubmission[]) => void = () => {},
  ): Promise<BackfillReport> {
    await this.rules.scan();
    const rules = await this.rules.current();
    const chosen = chosenRules(rules, request.rules);
    const resubmitter = this.makeResubmitter();
    const report = { listed: 0, known: 0, sent: 0, waiting: 0 };
    for (const prefix of prefixesOf(chosen, this.config.triggerBucket, request.prefix)) {
      for await (const page of this.objects.pages(prefix)) {
        report.listed += page.length;
        const matched = page.flatMap((file) => this.matchedFile(file, rules, chosen, request.sinceMs));
        const resubmissions = await resubmitter.resubmit(matched, { dryRun: request.dryRun });
        for (const { done } of resubmissions) report[COUNTER[done]]++;
        onPage(resubmissions);
      }
    }
    return report;
  }

  /** The file with its rule, if it is one of the chosen rules; else none. */
  private matchedFile(file: ObjectInfo, rules: RuleSet, chosen: ReadonlySet<Rule>, sinceMs = 0) {
    if (file.updatedMs < sinceMs || this.config.disabled) return [];
    const { bucket, name } = parseObjectUrl(file.url);
    if (internalFileKind(this.config, bucket, name)) return [];
    const match = rules.match(file.url);
    const [rule] = match.rules;
    if (match.status !== 'matched' || !rule || !chosen.has(rule)) return [];
    return placementIfValid(rule, file) ? [{ rule, file }] : [];
  }
}

const COUNTER = { sent: 'sent', known: 'known', needsRetry: 'waiting' } as const;

/** Enabled rules by ID, file URL or workflow name; all of them without names. */
function chosenRules(rules: RuleSet, names: readonly string[] = []): ReadonlySet<Rule> {
  const enabled = rules.rules.filter(({ disabled }) => !disabled);
  if (names.length === 0) return new Set(enabled);
  return new Set(
    names.flatMap((name) => {
      const named = enabled.filter(({ id, url, info }) => [id, url, info.workflow].includes(name));
      if (named.length > 0) return named;
      const urls = [...new Set(enabled.map(({ url }) => url))].slice(0, 10).join(', ');
      throw new RuleUnknownError(
        `--rule: found ${name}; allowed is the URL, ID or Info.Workflow of an enabled rule: ${urls}`,
      );
    }),
  );
}

/**
 * Prefixes to list for all files of the rules, none within another.
 *
 * @param given path or `gs://` URL to list instead.
 */
export function prefixesOf(rules: Iterable<Rule>, bucket: string, given?: string): string[] {
  if (given !== undefined) return [given.startsWith('gs://') ? given : objectUrl(bucket, given.replace(/^\/+/, ''))];
  const paths = [...new Set([...rules].map(({ when }) => when.prefix.replace(/^\/+/, '')))].sort();
  const outermost = paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)));
  return outermost.map((path) => objectUrl(bucket, path));
}
