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

/** A listing in pages, by the beginning of the names. */
export interface Pages {
  pages(prefixUrl: string): AsyncIterable<readonly ObjectInfo[]>;
}

/** Names a rule that is not there. */
export class RuleUnknownError extends ConfigError {}

/** Takes up files whose notification was missed: lists what rules take, and sends what the ledger does not know. */
export class Backfill {
  /** @param makeResender one for each run, since it keeps what it listed. */
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly objects: Pages,
    private readonly makeResender: () => FileResubmitter,
  ) {}

  /**
   * @param onPage is told what became of each page's files.
   * @throws RuleUnknownError; what storage and Temporal throw: what was sent before stays sent, and may be sent again.
   */
  async run(
    request: BackfillRequest,
    onPage: (files: readonly Resubmission[]) => void = () => {},
  ): Promise<BackfillReport> {
    await this.rules.scan();
    const rules = await this.rules.current();
    const chosen = chosenRules(rules, request.rules);
    const resender = this.makeResender();
    const report = { listed: 0, known: 0, sent: 0, waiting: 0 };
    for (const prefix of prefixesOf(chosen, this.config.triggerBucket, request.prefix)) {
      for await (const page of this.objects.pages(prefix)) {
        report.listed += page.length;
        const found = page.flatMap((file) => this.taken(file, rules, chosen, request.sinceMs));
        const resent = await resender.resend(found, { dryRun: request.dryRun ?? false });
        for (const { done } of resent) report[COUNTED[done]]++;
        onPage(resent);
      }
    }
    return report;
  }

  private taken(file: ObjectInfo, rules: RuleSet, chosen: ReadonlySet<Rule>, sinceMs = 0) {
    if (file.updatedMs < sinceMs || this.config.disabled) return [];
    const { bucket, name } = parseObjectUrl(file.url);
    if (internalFileKind(this.config, bucket, name)) return [];
    const match = rules.match(file.url);
    const [rule] = match.rules;
    if (match.status !== 'matched' || !rule || !chosen.has(rule)) return [];
    return placementIfValid(rule, file) ? [{ rule, file }] : [];
  }
}

const COUNTED = { sent: 'sent', known: 'known', waits: 'waiting' } as const;

/** Rules by ID, file URL or workflow name; all enabled ones when none is named. */
function chosenRules(rules: RuleSet, names: readonly string[] = []): ReadonlySet<Rule> {
  const enabled = rules.rules.filter(({ disabled }) => !disabled);
  if (names.length === 0) return new Set(enabled);
  return new Set(
    names.flatMap((name) => {
      const named = enabled.filter(({ id, url, info }) => [id, url, info.workflow].includes(name));
      if (named.length > 0) return named;
      const known = [...new Set(enabled.map(({ url }) => url))].slice(0, 10).join(', ');
      throw new RuleUnknownError(
        `--rule: found ${name}; allowed is the URL, ID or Info.Workflow of an enabled rule: ${known}`,
      );
    }),
  );
}

/** The least listings that hold all files of the rules; those below `given` only, a path or `gs://` URL. */
export function prefixesOf(rules: Iterable<Rule>, bucket: string, given?: string): string[] {
  if (given !== undefined) return [given.startsWith('gs://') ? given : objectUrl(bucket, given.replace(/^\/+/, ''))];
  const paths = [...new Set([...rules].map(({ when }) => when.prefix.replace(/^\/+/, '')))].sort();
  const least = paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)));
  return least.map((path) => objectUrl(bucket, path));
}
