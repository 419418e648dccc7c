import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { z } from 'zod';
import type { FileEvent } from '../windows/fileEvent';
import { filesArrived } from '../workflows/contract';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** What a run was about: enough to start it anew. */
export interface Announced {
  /** Argument of the first run of the chain. */
  readonly input: unknown;
  /** Files that signals announced, in order of arrival: the first is the owner's. */
  readonly files: readonly FileEvent[];
}

const fileEvents = z.array(
  z.looseObject({
    url: z.string(),
    generation: z.string(),
    size: z.number(),
    updatedMs: z.number(),
    eventId: z.string(),
    ruleId: z.string(),
  }),
);

/**
 * Reads from the histories of a run, and of those that it continues, what it was started with and which files it was told of.
 *
 * @throws Error when a history is gone, its retention over.
 */
export async function announcedTo(client: Client, workflowId: string, runId: string): Promise<Announced> {
  const chain: (readonly HistoryEvent[])[] = [];
  for (let run: string | undefined = runId; run; run = continued(chain.at(0))) {
    const { events } = await client.workflow.getHandle(workflowId, run).fetchHistory();
    chain.unshift(events ?? []);
  }
  const [input] = decoded(chain.at(0)?.at(0)?.workflowExecutionStartedEventAttributes?.input);
  return { input, files: chain.flat().flatMap(filesOf) };
}

function continued(events: readonly HistoryEvent[] | undefined): string | undefined {
  return events?.at(0)?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
}

function filesOf({ workflowExecutionSignaledEventAttributes: signal }: HistoryEvent): FileEvent[] {
  if (signal?.signalName !== filesArrived.name) return [];
  const [files] = decoded(signal.input);
  return fileEvents.parse(files);
}

function decoded(payloads: temporal.api.common.v1.IPayloads | null | undefined): unknown[] {
  return (payloads?.payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload));
}
