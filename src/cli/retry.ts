import { connectClient } from '../config/temporal';
import { type RetryResult, retryAll } from '../operator/retry';
import { EXIT } from './commandError';

/** Options of `bqtail retry`. */
export interface RetryOptions {
  readonly dest?: string;
  /** Unix milliseconds. */
  readonly since?: number;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

/**
 * `bqtail retry`: resumes parked workflows and restarts failed ones.
 *
 * @returns the exit code: 1 when a workflow could not be retried.
 */
export async function retry(ids: readonly string[], options: RetryOptions): Promise<number> {
  const client = await connectClient();
  try {
    const { dest, since: sinceMs, dryRun = false } = options;
    const retried = await retryAll(client, { ids, dest, sinceMs }, dryRun);
    const report = options.output === 'json' ? JSON.stringify({ dryRun, retried }) : text(retried, dryRun);
    process.stdout.write(`${report}\n`);
    return retried.some(({ done }) => done === 'failed') ? EXIT.found : EXIT.clean;
  } finally {
    await client.connection.close();
  }
}

function text(retried: readonly RetryResult[], dryRun: boolean): string {
  if (retried.length === 0) return 'nothing to retry';
  const would = dryRun ? 'would be ' : '';
  const outcomes = {
    signalled: () => `${would}resumed`,
    started: ({ files = 0, left = 0 }: RetryResult) =>
      `${would}restarted with ${files} file${files === 1 ? '' : 's'}${left > 0 ? `; ${left} more failed run${left === 1 ? '' : 's'}: retry again afterwards` : ''}`,
    nothing: ({ reason }: RetryResult) => `nothing done: ${reason}`,
    failed: ({ reason }: RetryResult) => `not retried: ${reason}`,
  };
  return retried.map((one) => `${one.workflowId}: ${one.was}; ${outcomes[one.done](one)}`).join('\n');
}
