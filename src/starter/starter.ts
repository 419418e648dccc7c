import type { Config } from '../config/config';
import { errorText } from '../errorText';
import { internalFileKind, WRITTEN_BY_BQTAIL, windowFile } from '../journal/names';
import { processFields, windowFields } from '../journal/processFile';
import type { ObjectStore } from '../objects/objectStore';
import { NameInvalid } from '../rules/destination';
import { placement, workflowIdOf } from '../rules/placement';
import type { RuleSet } from '../rules/ruleSet';
import type { RuleStore } from '../rules/ruleStore';
import type { Rule } from '../rules/types';
import { eventIdOf } from '../windows/eventId';
import type { FileEvent } from '../windows/fileEvent';
import type { FileVersion } from '../windows/fileVersion';
import { closeOnCompletionFile } from './completionFile';
import type { LoadResults } from './loadResults';
import type { ObjectEvent } from './objectEvent';
import type { EventOutcome, EventResponse } from './response';
import { windowArrival } from './windowArrival';
import type { WorkflowStarter } from './workflowStarter';

/** Handles files that an operator writes to the internal folders of the trigger bucket: `.run` and `.win` files. */
export interface OperatorFiles {
  /** Runs the process of a `.run` file again. */
  process(fileUrl: string, eventId: string): Promise<EventOutcome>;
  /** Loads the window of a `.win` file now. */
  window(fileUrl: string, eventId: string): Promise<EventOutcome>;
}

/** An event with the URL of its object and its event ID. */
type IdentifiedEvent = ObjectEvent & { readonly url: string; readonly eventId: string };

const OK: EventOutcome = { Status: 'ok' };

/** Turns events into running workflows: matches the rule, places the file, and signals or starts its workflow. */
export class Starter {
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly workflows: WorkflowStarter,
    private readonly objects: ObjectStore,
    private readonly loadResults: Pick<LoadResults, 'waitFor'>,
    private readonly operatorFiles: OperatorFiles,
  ) {}

  /**
   * Handles one event. When it returns, Temporal has stored the file. Never throws: a response with `Retriable` asks for the
   * event again.
   */
  async handle(event: ObjectEvent): Promise<EventResponse> {
    const started = new Date();
    const url = `gs://${event.bucket}/${event.name}`;
    const eventId = eventIdOf(event.sourceId, url, event.generation);
    let outcome: EventOutcome;
    let ruleCount = 0;
    try {
      const internalKind = internalFileKind(this.config, event.bucket, event.name);
      if (event.kind !== 'finalized' || internalKind === 'endedJob') {
        outcome = { Status: internalKind ? 'ok' : 'noMatch' };
      } else if (internalKind) {
        outcome = (await this.isOwn(event, url)) ? OK : await this.operatorFiles[internalKind](url, eventId);
      } else {
        const rules = await this.rules.current();
        ruleCount = rules.rules.length;
        outcome = await this.handleDataFile(rules, { ...event, url, eventId });
      }
    } catch (error) {
      // An invalid name stays invalid, however often the event is sent.
      const retriable = error instanceof NameInvalid ? undefined : true;
      outcome = { Status: 'error', Error: errorText(error), Retriable: retriable };
    }
    return {
      ...outcome,
      EventID: eventId,
      TriggerURL: url,
      Started: started.toISOString(),
      TimeTakenMs: Date.now() - started.getTime(),
      RuleCount: ruleCount,
    };
  }

  /** Whether bqtail wrote the file itself, or it is already deleted. */
  private async isOwn({ size, metadata, generation }: ObjectEvent, url: string): Promise<boolean> {
    if (size !== undefined) return metadata?.[WRITTEN_BY_BQTAIL] !== undefined;
    const object = await this.objects.stat(url, generation);
    return !object || object.metadata[WRITTEN_BY_BQTAIL] !== undefined;
  }

  private async handleDataFile(rules: RuleSet, event: IdentifiedEvent): Promise<EventOutcome> {
    const { url } = event;
    const match = rules.match(url);
    const isCompletionFile = rules.closedBy(url).length > 0 && !this.config.disabled;
    if (match.status === 'noMatch' && !isCompletionFile) return { Status: 'noMatch', IsDataFile: true };
    if (match.status === 'ambiguous') {
      const ids = match.rules.map((rule) => rule.id).join(', ');
      return { Status: 'error', IsDataFile: true, Error: `${url} matches several rules: ${ids}` };
    }
    const matched = { IsDataFile: true, Matched: true, MatchedURL: url } as const;
    if (match.status === 'disabled' || (match.status === 'matched' && this.config.disabled)) {
      return { Status: 'disabled', ...matched };
    }
    const version = await this.versionOf(event);
    if (!version) return { Status: 'notFound', NotFoundError: `${url}#${event.generation} is gone`, ...matched };
    const closed = await this.closeBatches(rules, version);
    if (match.status === 'noMatch') return closed;
    const [rule] = match.rules;
    const file: FileEvent = { ...version, eventId: event.eventId, ruleId: rule.id };
    const sent = await this.send(rule, file);
    return { ...closed, ...matched, ...sent, ...(await this.loadOutcome(rule, sent)) };
  }

  /** For a rule that is not Async, the result of the load. Only the file that opens a window waits for it. */
  private async loadOutcome(rule: Rule, sent: EventOutcome): Promise<Partial<EventOutcome>> {
    const { WorkflowID: workflowId, BatchingEventID: owner, Window: window } = sent;
    if ((this.config.async ?? rule.async) || workflowId === undefined || owner !== undefined) return {};
    return this.loadResults.waitFor(workflowId, window ? Date.parse(String(window['End'])) : 0);
  }

  /** The file version of an event, read from storage if the event has no size and time; undefined when it was deleted. */
  private async versionOf({ url, generation, size, updatedMs }: IdentifiedEvent): Promise<FileVersion | undefined> {
    if (size !== undefined && updatedMs !== undefined) return { url, generation, size, updatedMs };
    const object = await this.objects.stat(url, generation);
    return object && { url, generation, size: object.size, updatedMs: object.updatedMs };
  }

  private async closeBatches(rules: RuleSet, version: FileVersion): Promise<EventOutcome> {
    const windowIds = await closeOnCompletionFile(version, rules, this.objects, this.workflows);
    return windowIds.length === 0 ? { Status: 'noMatch' } : { Status: 'ok', ClosedWindowIDs: windowIds };
  }

  /**
   * Sends a file to the workflow of its window; without a window, starts the load of this file.
   *
   * @throws NameInvalid; what Temporal throws.
   */
  async send(rule: Rule, file: FileEvent): Promise<EventOutcome> {
    const placed = placement(rule, file);
    const { window } = placed;
    if (!window) {
      const workflowId = workflowIdOf(placed, file);
      await this.workflows.loadFile(workflowId, { dest: placed.table, file }, rule.url);
      return { Status: 'ok', WorkflowID: workflowId };
    }
    const owner = await this.workflows.sendToWindow(windowArrival(rule, file, window));
    const async = this.config.async ?? rule.async;
    const windowUrl = windowFile(this.config, window.id, async);
    const batched = { Status: 'ok', Batched: true, WorkflowID: window.id } as const;
    if (owner !== file.eventId) return { ...batched, BatchingEventID: owner, WindowURL: windowUrl };
    const process = processFields(this.config, {
      dest: window.dest,
      eventId: file.eventId,
      startedMs: Date.now(),
      source: file,
      ruleUrl: rule.url,
      async,
      projectId: this.config.projectId,
      params: placed.parameters,
      stepCount: 0,
    });
    return { ...batched, Window: { ...windowFields(process, windowUrl, window) } };
  }
}
