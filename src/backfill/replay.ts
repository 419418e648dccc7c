import { z } from 'zod';
import type { Config } from '../config/config';
import { parseJson } from '../json';
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
import type { FileVersion } from '../windows/fileVersion';
import { folderOf } from '../windows/folder';
import { hash } from '../windows/hash';
import { inWindow } from '../windows/window';
import { type Pages, prefixesOf } from './backfill';
import type { FileResubmitter, Resubmission } from './fileResubmitter';

const url = z.string().startsWith('gs://');
const window = z.object({ URL: url, Start: z.iso.datetime({ offset: true }), End: z.iso.datetime({ offset: true }) });
const processFields = { RuleURL: z.string(), DestTable: z.string(), Source: z.object({ URL: url }) };

/** The `.run` file, as far as a replay reads it (spec 1, section 5.6). */
const processFile = z.object({
  ...processFields,
  Window: window.extend({ URIs: z.array(url).optional() }).nullish(),
  load: z.object({ sourceUris: z.array(url).optional() }).nullish(),
});

/** The `.win` file (spec 1, section 5.6). */
const windowFile = z.object({ ...processFields, ...window.shape });

/** Tells a window that runs to load now. */
export type Flush = (workflowId: string) => Promise<void>;

/**
 * Process and window files that an operator drops into the trigger bucket: `.run` below LoadProcessPrefix runs a process
 * again (spec 1, section 6.7), `.win` below BatchPrefix loads a window now. Both go by today's rule, and by the ledger: what
 * is loaded is not loaded again.
 */
export class Replay {
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly objects: ObjectStore & Pages,
    private readonly isRunning: IsRunning,
    private readonly flush: Flush,
    private readonly makeResender: () => FileResubmitter,
  ) {}

  /**
   * Runs the process of a `.run` file again, with those of its files that are still there, by a rule of its RuleURL, whether or
   * not the files fulfil today's `When` (spec 1, section 6.7). The dropped file goes when that is done.
   *
   * @param eventId ID of the process from now on; of the first, when today's rule makes several of it.
   * @throws what storage and Temporal throw: then the event is to be sent again.
   */
  async process(fileUrl: string, eventId: string): Promise<EventOutcome> {
    const content = await this.read(fileUrl, '.run', processFile);
    if ('Status' in content) return content;
    const { RuleURL, DestTable, Source, Window, load } = content;
    const named = load?.sourceUris ?? Window?.URIs ?? [Source.URL];
    const outside = named.find((file) => parseObjectUrl(file).bucket !== this.config.triggerBucket);
    if (outside) return refused(`${fileUrl}: found ${outside}; allowed are files of ${this.config.triggerBucket}`);
    const rules = await this.rules.current();
    const present = await this.present(named);
    const ruled = present.map((file) => ({ file, rule: ruleOfProcess(rules, RuleURL, DestTable, file) }));
    const strange = ruled.find(({ rule }) => rule === undefined);
    if (strange) return refused(`${fileUrl}: RuleURL: ${RuleURL} has no enabled rule for ${strange.file.url}`);
    const found = ruled.flatMap(({ rule, file }) => (rule ? [{ rule, file }] : []));
    return this.resent(fileUrl, await this.makeResender().resend(found, { eventId }), named.length - present.length);
  }

  /**
   * Loads the window of a `.win` file now: flushes it when it runs, else starts it with what lies in its folders.
   *
   * @throws what storage and Temporal throw: then the event is to be sent again.
   */
  async window(fileUrl: string, eventId: string): Promise<EventOutcome> {
    const content = await this.read(fileUrl, '.win', windowFile);
    if ('Status' in content) return content;
    const workflowId = fileUrl.slice(fileUrl.lastIndexOf('/') + 1, -'.win'.length);
    if (!(await this.isRunning(workflowId))) {
      const { RuleURL, Source, DestTable, Start, End } = content;
      const rule = ruleOf(await this.rules.current(), RuleURL, Source.URL);
      if (!rule) return refused(`${fileUrl}: RuleURL: ${RuleURL} has no enabled rule for ${Source.URL}`);
      const times = { start: Date.parse(Start) / 1000, due: Date.parse(End) / 1000 };
      const key = placementIfValid(rule, { url: Source.URL, updatedMs: times.start * 1000 })?.window?.key;
      if (key === undefined || !workflowId.startsWith(`${DestTable}_${hash(key)}_`)) {
        return refused(`${fileUrl}: ${workflowId} is not the window of ${Source.URL} by today's rule ${rule.id}`);
      }
      const files = (await this.beside(Source.URL, rule)).filter(
        (file) =>
          matches(rule.when, cleanPath(file.url)) &&
          inWindow(times, file.updatedMs) &&
          placementIfValid(rule, file)?.window?.key === key,
      );
      const found = files.map((file) => ({ rule, file }));
      const resent = await this.makeResender().resend(found, { eventId });
      const started = new Set(resent.flatMap((file) => (file.done === 'sent' ? [file.workflowId] : [])));
      await Promise.all([...started].map(this.flush));
      return this.resent(fileUrl, resent, 0);
    }
    await this.flush(workflowId);
    await this.remove(fileUrl);
    return { Status: 'ok', BatchRunner: true, WorkflowID: workflowId };
  }

  private async resent(fileUrl: string, files: readonly Resubmission[], missing: number): Promise<EventOutcome> {
    const sent = files.filter(({ done }) => done === 'sent');
    const waiting = files.filter(({ done }) => done === 'waits').length;
    if (waiting > 0) {
      const { workflowId = '' } = files.find(({ done }) => done === 'waits') ?? {};
      return refused(`${fileUrl}: ${waiting} files are those of a run that died: bqtail retry ${workflowId}`);
    }
    await this.remove(fileUrl);
    const [first] = sent;
    const counts = { Sent: sent.length, Known: files.length - sent.length, Missing: missing };
    return { Status: 'ok', Replayed: counts, ...(first ? { WorkflowID: first.workflowId } : {}) };
  }

  /** The content, or the answer to an event without one. */
  private async read<T extends object>(
    fileUrl: string,
    ending: string,
    schema: z.ZodType<T>,
  ): Promise<T | EventOutcome> {
    if (!fileUrl.endsWith(ending)) return refused(`${fileUrl}: allowed is a ${ending} file`);
    const text = await this.objects.read(fileUrl);
    if (text === undefined) return { Status: 'notFound' };
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return refused(`${fileUrl}: ${issue?.path.join('.') || 'as a whole'}: ${issue?.message}`);
  }

  /** Files of the folder, or of all folders that a window of the rule is over. */
  private async beside(fileUrl: string, rule: Rule): Promise<ObjectInfo[]> {
    if (!rule.batch?.multiPath) return this.objects.list(folderOf(fileUrl), { recursive: false });
    const files: ObjectInfo[] = [];
    for (const prefix of prefixesOf([rule], parseObjectUrl(fileUrl).bucket)) {
      for await (const page of this.objects.pages(prefix)) files.push(...page);
    }
    return files;
  }

  /** Versions of those that are still there, by one listing a folder. */
  private async present(urls: readonly string[]): Promise<FileVersion[]> {
    const folders = [...new Set(urls.map(folderOf))];
    const listed = await Promise.all(folders.map((folder) => this.objects.list(folder, { recursive: false })));
    const named = new Set(urls);
    return listed.flat().filter((file) => named.has(file.url));
  }

  private async remove(fileUrl: string): Promise<void> {
    const [result] = await this.objects.change([{ kind: 'delete', url: fileUrl }]);
    if (result?.error) throw new Error(`${fileUrl}: not deleted: ${result.error.message}`);
  }
}

/** Today's enabled rule of a file, when it is one of that rule file. */
function ruleOf(rules: RuleSet, ruleUrl: string, fileUrl: string): Rule | undefined {
  const match = rules.match(fileUrl);
  const [rule] = match.rules;
  return match.status === 'matched' && rule?.url === ruleUrl ? rule : undefined;
}

/**
 * Today's rule of a file of a process: of the enabled rules in its rule file the only one, else the one that takes the file,
 * else the first with the destination of then.
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

function refused(reason: string): EventOutcome {
  return { Status: 'error', Error: reason };
}
