import type { History } from '@temporalio/common/lib/proto-utils';
import { tsToMs } from '@temporalio/common/lib/time';
import { filesArrived } from '../src/workflows/contract';

/** A timer, activity or workflow task; times in milliseconds since due. */
export interface Span {
  /** `workflow`, `timer`, or the name of an activity. */
  readonly name: string;
  readonly scheduled: number;
  readonly started: number;
  readonly completed: number;
}

/** The timeline of a run, from its history. */
export interface Timeline {
  /** Number of `filesArrived` signals. */
  readonly signals: number;
  /** Timers, activities and workflow tasks, in the order in which they ended. */
  readonly spans: readonly Span[];
}

/** The role of a history event in a span. */
interface SpanEvent {
  /** ID of the first event of the span. */
  readonly spanId: unknown;
  /** Name of the span that this event begins. */
  readonly begins?: string;
  /** Whether this event ends the span. */
  readonly ends?: boolean;
}

type HistoryEvent = NonNullable<History['events']>[number];

/** Reads the timeline of a run. @param dueMs when its window was due, Unix milliseconds. */
export function timelineOf(history: History, dueMs: number): Timeline {
  const begun = new Map<string, { readonly name: string; readonly scheduled: number; started: number }>();
  const spans: Span[] = [];
  let signals = 0;
  for (const event of history.events ?? []) {
    if (event.workflowExecutionSignaledEventAttributes?.signalName === filesArrived.name) signals++;
    const spanEvent = spanEventOf(event);
    if (!spanEvent) continue;
    const at = tsToMs(event.eventTime) - dueMs;
    const id = String(spanEvent.spanId);
    if (spanEvent.begins !== undefined) begun.set(id, { name: spanEvent.begins, scheduled: at, started: at });
    const span = begun.get(id);
    if (span && spanEvent.ends) spans.push({ ...span, completed: at });
    else if (span) span.started = at;
  }
  return { signals, spans };
}

function spanEventOf(event: HistoryEvent): SpanEvent | undefined {
  const { eventId } = event;
  if (event.timerStartedEventAttributes) return { spanId: eventId, begins: 'timer' };
  if (event.timerFiredEventAttributes) return { spanId: event.timerFiredEventAttributes.startedEventId, ends: true };
  const activity = event.activityTaskScheduledEventAttributes?.activityType;
  if (activity) return { spanId: eventId, begins: activity.name ?? '' };
  if (event.workflowTaskScheduledEventAttributes) return { spanId: eventId, begins: 'workflow' };
  const started = event.activityTaskStartedEventAttributes ?? event.workflowTaskStartedEventAttributes;
  if (started) return { spanId: started.scheduledEventId };
  const ended = event.activityTaskCompletedEventAttributes ?? event.workflowTaskCompletedEventAttributes;
  return ended ? { spanId: ended.scheduledEventId, ends: true } : undefined;
}
