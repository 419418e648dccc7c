import { setHandler } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import * as contract from './contract';
import type { OutageRetry } from './outageRetry';

/** The signals and queries that every workflow has for operators, as the Web UI describes them. */
export function answerOperators(
  patience: OutageRetry,
  status: () => contract.WindowStatus,
  page: (number: number) => FileEvent[],
): void {
  setHandler(contract.retry, () => patience.retry(), {
    description: 'Try a step at once that is parked because of an outage',
  });
  setHandler(contract.abandon, (reason) => patience.abandon(reason ?? 'no reason given'), {
    description: 'End without loading what is not loaded yet; takes a reason',
  });
  setHandler(contract.status, status, { description: 'Stage, due, counts, jobs, last error' });
  setHandler(contract.files, (number = 0) => page(number), { description: 'Files announced, 1000 a page from page 0' });
}
