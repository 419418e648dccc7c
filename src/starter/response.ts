import type { JobReference } from '../workflows/contract';

/** Answer to one event, by the original's field names (spec 1, section 5.9). */
export interface EventResponse {
  /** `still running`: the load of a rule without Async has not ended within the limit; its workflow goes on. */
  readonly Status: 'ok' | 'noMatch' | 'notFound' | 'disabled' | 'error' | 'still running';
  readonly EventID: string;
  readonly TriggerURL: string;
  /** RFC 3339. */
  readonly Started: string;
  readonly TimeTakenMs: number;
  readonly RuleCount: number;
  readonly IsDataFile?: true;
  readonly Matched?: true;
  readonly MatchedURL?: string;
  readonly Batched?: true;
  /** Of a member only: the owner's event ID. */
  readonly BatchingEventID?: string;
  /** Of a member only. */
  readonly WindowURL?: string;
  /** Of an owner only. */
  readonly Window?: Readonly<Record<string, unknown>>;
  readonly WorkflowID?: string;
  /** The load job; with `Files` and `Rows` only where the answer waited for the load. */
  readonly JobRef?: JobReference;
  readonly Files?: number;
  readonly Rows?: number;
  /** A `.win` file made a window load. */
  readonly BatchRunner?: true;
  /** Files of a replayed `.run` or `.win` file: sent, loaded before, no longer there. */
  readonly Replayed?: { readonly Sent: number; readonly Known: number; readonly Missing: number };
  /** Of an object that says that its folder is complete: the windows that it was told to. */
  readonly ClosedWindowIDs?: readonly string[];
  /** The object is gone, or another version has replaced it. */
  readonly NotFoundError?: string;
  readonly Error?: string;
  /** The event should be sent again. */
  readonly Retriable?: true;
}

/** What became of an event, besides the facts that each answer has. */
export type EventOutcome = Omit<EventResponse, 'EventID' | 'TriggerURL' | 'Started' | 'TimeTakenMs' | 'RuleCount'>;
