import type { JobReference } from '../workflows/contract';

/** Response to one event, with the field names of viant/bqtail. */
export interface EventResponse {
  /** `still running`: the load of a rule without Async has not ended within the time limit. Its workflow continues. */
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
  /** Event ID of the file that opened the window; set for later files. */
  readonly BatchingEventID?: string;
  /** URL of the `.win` file; set for later files. */
  readonly WindowURL?: string;
  /** Content of the `.win` file; set for the file that opened the window. */
  readonly Window?: Readonly<Record<string, unknown>>;
  readonly WorkflowID?: string;
  /** The load job. It, `Files` and `Rows` are set only if the response waited for the load. */
  readonly JobRef?: JobReference;
  readonly Files?: number;
  readonly Rows?: number;
  /** A `.win` file of an operator made a window load. */
  readonly BatchRunner?: true;
  /** Numbers of files of a replayed `.run` or `.win` file: sent, loaded before, deleted. */
  readonly Replayed?: { readonly Sent: number; readonly Known: number; readonly Missing: number };
  /** IDs of the windows that got the signal that a folder is complete; set for a completion file such as `_SUCCESS`. */
  readonly ClosedWindowIDs?: readonly string[];
  /** The object was deleted or overwritten. */
  readonly NotFoundError?: string;
  readonly Error?: string;
  /** The event should be sent again. */
  readonly Retriable?: true;
}

/** Outcome of an event: the fields of a response without those that every response has. */
export type EventOutcome = Omit<EventResponse, 'EventID' | 'TriggerURL' | 'Started' | 'TimeTakenMs' | 'RuleCount'>;
