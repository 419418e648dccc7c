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
import type { FileEvent } from '../windows/fileEvent';
import type { FileVersion } from '../windows/fileVersion';
import { closeOnCompletionFile } from './completionFile';
import { eventIdOf } from './eventId';
import type { LoadResults } from './loadResults';
import type { ObjectEvent } from './objectEvent';
import type { EventOutcome, EventResponse } from './response';
import { windowArrival } from './windowArrival';
import type { WorkflowStarter } from './workflowStarter';

/** Answers for a file that an operator dropped into a folder of the product's own. */
export type OnDropped = (kind: 'process' | 'window', url: string, eventId: string) => Promise<EventOutcome>;

/** An event with what the product calls its object and itself. */
type Announcement = ObjectEvent & { readonly url: string; readonly eventId: string };

const OK: EventOutcome = { Status: 'ok' };

/** Turns events into running workflows: match, destination, window, signal. */
export class Starter {
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly workflows: WorkflowStarter,
    private readonly objects: ObjectStore,
    private readonly outcomes: Pick<LoadResults, 'of'>,
    private readonly onDropped: OnDropped = async () => OK,
  ) {}

  /**
   * Handles one event; when it returns, Temporal has the file. Never throws: an answer with `Retriable` asks for the event
   * again.
   */
  async handle(event: ObjectEvent): Promise<EventResponse> {
    const started = new Date();
    const url = `gs://${event.bucket}/${event.name}`;
    const eventId = eventIdOf(event.sourceId, url, event.generation);
    let outcome: EventOutcome;
    let ruleCount = 0;
    try {
      const marker = internalFileKind(this.config, event.bucket, event.name);
      if (event.kind !== 'finalized' || marker === 'endedJob') outcome = { Status: marker ? 'ok' : 'noMatch' };
      else if (marker) outcome = (await this.isOwn(event, url)) ? OK : await this.onDropped(marker, url, eventId);
      else {
        const rules = await this.rules.current();
        ruleCount = rules.rules.length;
        outcome = await this.dataFile(rules, { ...event, url, eventId });
      }
    } catch (error) {
      const message = errorText(error);
      // No retry can mend a name.
      outcome = { Status: 'error', Error: message, ...(error instanceof NameInvalid ? {} : { Retriable: true }) };
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

  /** Whether the product wrote the file itself; one that is gone again is nobody's. */
  private async isOwn({ size, metadata, generation }: ObjectEvent, url: string): Promise<boolean> {
    if (size !== undefined) return metadata?.[WRITTEN_BY_BQTAIL] !== undefined;
    const found = await this.objects.stat(url, generation);
    return !found || found.metadata[WRITTEN_BY_BQTAIL] !== undefined;
  }

  private async dataFile(rules: RuleSet, event: Announcement): Promise<EventOutcome> {
    const { url } = event;
    const match = rules.match(url);
    const marks = rules.closedBy(url).length > 0 && !this.config.disabled;
    if (match.status === 'noMatch' && !marks) return { Status: 'noMatch', IsDataFile: true };
    if (match.status === 'ambiguous') {
      const ids = match.rules.map((rule) => rule.id).join(', ');
      return { Status: 'error', IsDataFile: true, Error: `${url} matches several rules: ${ids}` };
    }
    const matched = { IsDataFile: true, Matched: true, MatchedURL: url } as const;
    if (match.status === 'disabled' || (match.status === 'matched' && this.config.disabled))
      return { Status: 'disabled', ...matched };
    const version = await this.versionOf(event);
    if (!version) return { Status: 'notFound', NotFoundError: `${url}#${event.generation} is gone`, ...matched };
    const closed = await this.marker(rules, version);
    if (match.status === 'noMatch') return closed;
    const [rule] = match.rules;
    const file: FileEvent = { ...version, eventId: event.eventId, ruleId: rule.id };
    const sent = await this.send(rule, file);
    return { ...closed, ...matched, ...sent, ...(await this.outcome(rule, sent)) };
  }

  /** Of a rule that is not Async the answer tells how its load ended; members of a window leave that to its owner. */
  private async outcome(rule: Rule, sent: EventOutcome): Promise<Partial<EventOutcome>> {
    const { WorkflowID: workflowId, BatchingEventID: owner, Window: window } = sent;
    if ((this.config.async ?? rule.async) || workflowId === undefined || owner !== undefined) return {};
    return this.outcomes.of(workflowId, window ? Date.parse(String(window['End'])) : 0);
  }

  /** The version that an event is about; asked for when the notification does not tell; undefined when it is gone. */
  private async versionOf({ url, generation, size, updatedMs }: Announcement): Promise<FileVersion | undefined> {
    if (size !== undefined && updatedMs !== undefined) return { url, generation, size, updatedMs };
    const found = await this.objects.stat(url, generation);
    return found && { url, generation, size: found.size, updatedMs: found.updatedMs };
  }

  private async marker(rules: RuleSet, version: FileVersion): Promise<EventOutcome> {
    const { windowIds } = await closeOnCompletionFile(version, rules, this.objects, this.workflows);
    return windowIds.length === 0 ? { Status: 'noMatch' } : { Status: 'ok', ClosedWindowIDs: windowIds };
  }

  /** Sends a file to the workflow of its window, or starts the load of it alone. @throws what Temporal throws. */
  async send(rule: Rule, file: FileEvent): Promise<EventOutcome> {
    const placed = placement(rule, file);
    const { window } = placed;
    if (!window) {
      const workflowId = workflowIdOf(placed, file);
      await this.workflows.loadFile(workflowId, { dest: placed.table, file }, rule.url);
      return { Status: 'ok', WorkflowID: workflowId };
    }
    const owner = await this.workflows.intoWindow(windowArrival(rule, file, window));
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
