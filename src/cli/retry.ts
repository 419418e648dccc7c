import { connectClient } from '../config/temporal';
import { type Retried, retryAll } from '../operator/retry';

/** Options of `bqtail retry`. */
export interface RetryOptions {
  readonly dest?: string;
  /** Unix milliseconds. */
  readonly since?: number;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

/**
 * `bqtail retry`: goes on with parked workflows, and runs failed ones again.
 *
 * @returns exit code: 1 when one of them could not be retried.
 */
export async function retry(ids: readonly string[], options: RetryOptions): Promise<number> {
  const client = await connectClient();
  try {
    const { dest, since: sinceMs, dryRun = false } = options;
    const selection = { ids, ...(dest === undefined ? {} : { dest }), ...(sinceMs === undefined ? {} : { sinceMs }) };
    const retried = await retryAll(client, selection, dryRun);
    const shown = options.output === 'json' ? JSON.stringify({ dryRun, retried }) : text(retried, dryRun);
    process.stdout.write(`${shown}\n`);
    return retried.some(({ done }) => done === 'failed') ? 1 : 0;
  } finally {
    await client.connection.close();
  }
}

function text(retried: readonly Retried[], dryRun: boolean): string {
  if (retried.length === 0) return 'nothing to retry';
  const would = dryRun ? 'would be ' : '';
  const told = {
    signalled: () => `${would}told to go on`,
    started: ({ files = 0, left = 0 }: Retried) =>
      `${would}started anew with ${files} file${files === 1 ? '' : 's'}${left > 0 ? `; ${left} more runs of it failed: retry again then` : ''}`,
    nothing: ({ reason }: Retried) => `nothing done: ${reason}`,
    failed: ({ reason }: Retried) => `not retried: ${reason}`,
  };
  return retried.map((one) => `${one.workflowId}: ${one.was}; ${told[one.done](one)}`).join('\n');
}
