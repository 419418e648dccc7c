import type { Config } from '../config/config';
import { windowIdOf } from '../journal/names';
import type { IsRunning } from '../ledger/tableLedger';
import type { ObjectInfo, ObjectStore } from '../objects/objectStore';
import { parseObjectUrl } from '../objects/objectUrl';
import { cleanPath } from '../rules/objectPath';
import { placementIfValid } from '../rules/placement';
import type { RuleSet } from '../rules/ruleSet';
import type { RuleStore } from '../rules/ruleStore';
import type { Rule } from '../rules/types';
import { matches } from '../rules/when';
import type { EventOutcome } from '../starter/response';
import type { OperatorFiles } from '../starter/starter';
import type { FileVersion } from '../windows/fileVersion';
import { folderOf } from '../windows/folder';
import { hash } from '../windows/hash';
import { inWindow } from '../windows/window';
import { type ObjectPages, prefixesOf } from './backfill';
import type { FileResubmitter, Resubmission } from './fileResubmitter';
import { processFile, readOperatorFile, refused, windowFile } from './operatorFile';

/** Signals a running window to load now. */
export type Flush = (workflowId: string) => Promise<void>;

/**
 * Handles the files that an operator writes to the trigger bucket: a `.run` file below LoadProcessPrefix runs a process again, a
 * `.win` file below BatchPrefix loads a window now. Both use the current rules, and load no file that the ledger has as loaded.
 */
export class Replay implements OperatorFiles {
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly objects: ObjectStore & ObjectPages,
    private readonly isRunning: IsRunning,
    private readonly flush: Flush,
    private readonly makeResubmitter: () => FileResubmitter,
  ) {}

  /**
   * Runs the process of a `.run` file again, with those of its files that still exist, by a rule of its RuleURL. The files need
   * not meet the current `When`: the operator chose them. Deletes the `.run` file at the end.
   *
   * @param eventId ID of the new process; of the first one, if the current rule makes several.
   * @throws what storage and Temporal throw; the event must be sent again.
   */
  async process(fileUrl: string, eventId: string): Promise<EventOutcome> {
    const read = await readOperatorFile(this.objects, fileUrl, '.run', processFile);
    if ('outcome' in read) return read.outcome;
    const { RuleURL, DestTable, Source, Window, load } = read.content;
    const urls = load?.sourceUris ?? Window?.URIs ?? [Source.URL];
    const outside = urls.find((url) => parseObjectUrl(url).bucket !== this.config.triggerBucket);
    if (outside) return refused(`${fileUrl}: found ${outside}; allowed are files of ${this.config.triggerBucket}`);
    const rules = await this.rules.current();
    const existing = await this.existing(urls);
    const withRules = existing.map((file) => ({ file, rule: ruleOfProcess(rules, RuleURL, DestTable, file) }));
    const ruleless = withRules.find(({ rule }) => rule === undefined);
    if (ruleless) return refused(`${fileUrl}: RuleURL: ${RuleURL} has no enabled rule for ${ruleless.file.url}`);
    const matched = withRules.flatMap(({ rule, file }) => (rule ? [{ rule, file }] : []));
    const resubmissions = await this.makeResubmitter().resubmit(matched, { eventId, ruleChosen: true });
    return this.finish(fileUrl, resubmissions, urls.length - existing.length);
  }

  /**
   * Loads the window of a `.win` file now. Flushes a running window; otherwise starts it with the files in its folders.
   *
   * @throws what storage and Temporal throw; the event must be sent again.
   */
  async window(fileUrl: string, eventId: string): Promise<EventOutcome> {
    const read = await readOperatorFile(this.objects, fileUrl, '.win', windowFile);
    if ('outcome' in read) return read.outcome;
    const workflowId = windowIdOf(fileUrl);
    if (await this.isRunning(workflowId)) {
      await this.flush(workflowId);
      await this.remove(fileUrl);
      return { Status: 'ok', BatchRunner: true, WorkflowID: workflowId };
    }
    const { RuleURL, Source, DestTable, Start, End } = read.content;
    const rule = ruleOf(await this.rules.current(), RuleURL, Source.URL);
    if (!rule) return refused(`${fileUrl}: RuleURL: ${RuleURL} has no enabled rule for ${Source.URL}`);
    const times = { start: Date.parse(Start) / 1000, due: Date.parse(End) / 1000 };
    const key = placementIfValid(rule, { url: Source.URL, updatedMs: times.start * 1000 })?.window?.key;
    if (key === undefined || !workflowId.startsWith(`${DestTable}_${hash(key)}_`)) {
      return refused(`${fileUrl}: ${workflowId} is not the window of ${Source.URL} by the current rule ${rule.id}`);
    }
    const files = (await this.filesBeside(Source.URL, rule)).filter(
      (file) =>
        matches(rule.when, cleanPath(file.url)) &&
        inWindow(times, file.updatedMs) &&
        placementIfValid(rule, file)?.window?.key === key,
    );
    const matched = files.map((file) => ({ rule, file }));
    const resubmissions = await this.makeResubmitter().resubmit(matched, { eventId });
    const started = new Set(resubmissions.flatMap((file) => (file.done === 'sent' ? [file.workflowId] : [])));
    await Promise.all([...started].map(this.flush));
    return this.finish(fileUrl, resubmissions, 0);
  }

  /** Deletes the operator's file, unless files need a retry first. */
  private async finish(fileUrl: string, files: readonly Resubmission[], missing: number): Promise<EventOutcome> {
    const [needsRetry, ...others] = files.filter(({ done }) => done === 'needsRetry');
    if (needsRetry) {
      const { workflowId } = needsRetry;
      return refused(
        `${fileUrl}: ${others.length + 1} files belong to a run that ended before it loaded them: bqtail retry ${workflowId}`,
      );
    }
    await this.remove(fileUrl);
    const sent = files.filter(({ done }) => done === 'sent');
    const counts = { Sent: sent.length, Known: files.length - sent.length, Missing: missing };
    return { Status: 'ok', Replayed: counts, WorkflowID: sent[0]?.workflowId };
  }

  /** Objects in the folder of a file; for a rule with MultiPath, all objects that the rule may match. */
  private async filesBeside(fileUrl: string, rule: Rule): Promise<ObjectInfo[]> {
    if (!rule.batch?.multiPath) return this.objects.list(folderOf(fileUrl), { recursive: false });
    const files: ObjectInfo[] = [];
    for (const prefix of prefixesOf([rule], parseObjectUrl(fileUrl).bucket)) {
      for await (const page of this.objects.pages(prefix)) files.push(...page);
    }
    return files;
  }

  /** Current versions of the files that exist; one listing per folder. */
  private async existing(urls: readonly string[]): Promise<FileVersion[]> {
    const folders = [...new Set(urls.map(folderOf))];
    const listed = await Promise.all(folders.map((folder) => this.objects.list(folder, { recursive: false })));
    const wanted = new Set(urls);
    return listed.flat().filter((file) => wanted.has(file.url));
  }

  private async remove(fileUrl: string): Promise<void> {
    const [result] = await this.objects.change([{ kind: 'delete', url: fileUrl }]);
    if (result?.error) throw new Error(`${fileUrl}: not deleted: ${result.error.message}`);
  }
}

/** The current enabled rule for a file, if it is in the given rule file. */
function ruleOf(rules: RuleSet, ruleUrl: string, fileUrl: string): Rule | undefined {
  const match = rules.match(fileUrl);
  const [rule] = match.rules;
  return match.status === 'matched' && rule?.url === ruleUrl ? rule : undefined;
}

/**
 * The current rule for a file of a process, among the enabled rules of its rule file: the only one, else the one that matches the
 * file, else the first with the destination of the process.
 */
function ruleOfProcess(rules: RuleSet, ruleUrl: string, dest: string, file: FileVersion): Rule | undefined {
  const enabled = rules.rules.filter(({ url, disabled }) => url === ruleUrl && !disabled);
  if (enabled.length === 1) return enabled[0];
  const path = cleanPath(file.url);
  return (
    enabled.find((rule) => matches(rule.when, path)) ??
    enabled.find((rule) => placementIfValid(rule, file)?.table === dest)
  );
}
