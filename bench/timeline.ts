import type { History } from '@temporalio/common/lib/proto-utils';
import { tsToMs } from '@temporalio/common/lib/time';
import { filesArrived } from '../src/workflows/contract';

/** Something of a run that lasts; times in milliseconds from due. */
export interface Span {
  /** `workflow`, `timer`, or the name of an activity. */
  readonly name: string;
  readonly scheduled: number;
  readonly started: number;
  readonly completed: number;
}

/** What a history tells of a run. */
export interface Timeline {
  /** Number of `filesArrived` signals. */
  readonly signals: number;
  /** Timers, activities and the workflow's own turns, in the order of their ends. */
  readonly spans: readonly Span[];
}

/** Where an event stands in a span, and of which: all events of a span carry the ID of its first. */
interface Mark {
  readonly of: unknown;
  readonly begins?: string;
  readonly ends?: boolean;
}

type HistoryEvent = NonNullable<History['events']>[number];

/** Reads a history. @param dueMs Unix milliseconds. */
export function timelineOf(history: History, dueMs: number): Timeline {
  const begun = new Map<string, { readonly name: string; readonly scheduled: number; started: number }>();
  const spans: Span[] = [];
  let signals = 0;
  for (const event of history.events ?? []) {
    if (event.workflowExecutionSignaledEventAttributes?.signalName === filesArrived.name) signals++;
    const mark = ledgerTargetOf(event);
    if (!mark) continue;
    const at = tsToMs(event.eventTime) - dueMs;
    const id = String(mark.of);
    if (mark.begins !== undefined) begun.set(id, { name: mark.begins, scheduled: at, started: at });
    const span = begun.get(id);
    if (span && mark.ends) spans.push({ ...span, completed: at });
    else if (span) span.started = at;
  }
  return { signals, spans };
}

function ledgerTargetOf(event: HistoryEvent): Mark | undefined {
  const { eventId } = event;
  if (event.timerStartedEventAttributes) return { of: eventId, begins: 'timer' };
  if (event.timerFiredEventAttributes) return { of: event.timerFiredEventAttributes.startedEventId, ends: true };
  const activity = event.activityTaskScheduledEventAttributes?.activityType;
  if (activity) return { of: eventId, begins: activity.name ?? '' };
  if (event.workflowTaskScheduledEventAttributes) return { of: eventId, begins: 'workflow' };
  const started = event.activityTaskStartedEventAttributes ?? event.workflowTaskStartedEventAttributes;
  if (started) return { of: started.scheduledEventId };
  const ended = event.activityTaskCompletedEventAttributes ?? event.workflowTaskCompletedEventAttributes;
  return ended ? { of: ended.scheduledEventId, ends: true } : undefined;
}
