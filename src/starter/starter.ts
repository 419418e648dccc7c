import type { Config } from '../config/config';
import { markerKind, OWN_MARK, windowFile } from '../journal/names';
import { processFields, windowFields } from '../journal/processFile';
import type { RuleStore } from '../objects/ruleStore';
import { NameInvalid } from '../rules/destination';
import type { RuleSet } from '../rules/ruleSet';
import { sealsByListing } from '../rules/sealing';
import type { Rule } from '../rules/types';
import { windowSettings } from '../rules/windowSettings';
import { versionKey } from '../windows/fileVersion';
import { hash } from '../windows/hash';
import { windowOf } from '../windows/window';
import type { FileEvent } from '../workflows/contract';
import { checkedDestination } from './checkDestination';
import { eventIdOf } from './eventId';
import type { ObjectEvent } from './objectEvent';
import type { Outcomes } from './outcomes';
import type { EventOutcome, EventResponse } from './response';
import type { WorkflowStarter } from './workflowStarter';

/** Answers for a file that an operator dropped into a folder of the product's own. */
export type OnDropped = (kind: 'process' | 'window', url: string, eventId: string) => Promise<EventOutcome>;

/** Turns events into running workflows: match, destination, window, signal. */
export class Starter {
  constructor(
    private readonly config: Config,
    private readonly rules: RuleStore,
    private readonly workflows: WorkflowStarter,
    private readonly outcomes: Pick<Outcomes, 'of'>,
    private readonly onDropped: OnDropped = async () => ({ Status: 'ok' }),
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
      const marker = markerKind(this.config, event.bucket, event.name);
      const dropped = event.kind === 'finalized' && marker !== 'endedJob' && event.metadata?.[OWN_MARK] === undefined;
      if (marker && marker !== 'endedJob' && dropped) outcome = await this.onDropped(marker, url, eventId);
      else if (marker || event.kind !== 'finalized') outcome = { Status: marker ? 'ok' : 'noMatch' };
      else {
        const rules = await this.rules.current();
        ruleCount = rules.rules.length;
        outcome = await this.dataFile(rules, { ...event, url, eventId });
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
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

  private async dataFile(rules: RuleSet, event: ObjectEvent & { url: string; eventId: string }): Promise<EventOutcome> {
    const { url, eventId, generation, size, updatedMs } = event;
    const match = rules.match(url);
    if (match.status === 'noMatch') return { Status: 'noMatch', IsDataFile: true };
    if (match.status === 'ambiguous') {
      const ids = match.rules.map((rule) => rule.id).join(', ');
      return { Status: 'error', IsDataFile: true, Error: `${url} matches several rules: ${ids}` };
    }
    const [rule] = match.rules;
    const matched = { IsDataFile: true, Matched: true, MatchedURL: url } as const;
    if (match.status === 'disabled' || this.config.disabled) return { Status: 'disabled', ...matched };
    const file: FileEvent = { url, generation, size, updatedMs, eventId, ruleId: rule.id };
    const sent = await this.send(rule, file);
    return { ...matched, ...sent, ...(await this.outcome(rule, sent)) };
  }

  /** Of a rule that is not Async the answer tells how its load ended; members of a window leave that to its owner. */
  private async outcome(rule: Rule, sent: EventOutcome): Promise<Partial<EventOutcome>> {
    const { WorkflowID: workflowId, BatchingEventID: owner, Window: window } = sent;
    if ((this.config.async ?? rule.async) || workflowId === undefined || owner !== undefined) return {};
    return this.outcomes.of(workflowId, window ? Date.parse(String(window['End'])) : 0);
  }

  /** Sends a file to the workflow of its window, or starts the load of it alone. @throws what Temporal throws. */
  async send(rule: Rule, file: FileEvent): Promise<EventOutcome> {
    const destination = checkedDestination(rule, file);
    const settings = windowSettings(rule, destination);
    if (!settings) {
      const workflowId = `${destination.table}_${hash(versionKey(file))}`;
      await this.workflows.loadFile(workflowId, { dest: destination.table, file }, rule.url);
      return { Status: 'ok', WorkflowID: workflowId };
    }
    const window = windowOf(settings, file.url, file.updatedMs);
    const settleInSec = sealsByListing(rule) ? 0 : (rule.batch?.window.settleInSec ?? 0);
    const owner = await this.workflows.intoWindow({
      input: { windowId: window.id, dest: window.dest, start: window.start, due: window.due, settleInSec },
      file,
      ruleUrl: rule.url,
    });
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
      params: destination.parameters,
      stepCount: 0,
    });
    return { ...batched, Window: { ...windowFields(process, windowUrl, window) } };
  }
}
