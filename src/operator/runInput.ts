import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { z } from 'zod';
import type { FileEvent } from '../windows/fileEvent';
import { filesArrived } from '../workflows/contract';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** What a run received: enough to start it again. */
export interface RunInput {
  /** Argument of the first run of its chain. */
  readonly input: unknown;
  /** Files that arrived by signals, in order of arrival. The first is the owner's. */
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
 * Reads the input and the files of a run from its history, and from the histories of the runs that it continues.
 *
 * @throws what the client throws, for example when the retention time of a history is over.
 */
export async function readRunInput(client: Client, workflowId: string, runId: string): Promise<RunInput> {
  const chain: (readonly HistoryEvent[])[] = [];
  for (let run: string | undefined = runId; run; run = continuedRunId(chain.at(0))) {
    const { events } = await client.workflow.getHandle(workflowId, run).fetchHistory();
    chain.unshift(events ?? []);
  }
  const [input] = decoded(chain.at(0)?.at(0)?.workflowExecutionStartedEventAttributes?.input);
  return { input, files: chain.flat().flatMap(filesOf) };
}

function continuedRunId(events: readonly HistoryEvent[] | undefined): string | undefined {
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
