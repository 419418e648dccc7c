import { setHandler } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import * as contract from './contract';
import { Display } from './display';
import type { OperatorRequests } from './operatorRequests';
import { OutageRetry } from './outageRetry';

/** The state of one run of a workflow, as the queries show it. */
export interface RunState {
  readonly requests: OperatorRequests;
  status(): contract.WindowStatus;
  /** Announced files, page by page from 0. */
  page(number: number): FileEvent[];
}

/** What all parts of one run share: how to wait out an outage, and how to show a change of the state. */
export class RunContext {
  readonly retry: OutageRetry;
  private readonly display = new Display();

  constructor(private readonly state: RunState) {
    this.retry = new OutageRetry(state.requests, () => this.show());
  }

  /** Shows the state in listings and in the Web UI. Call it after each change of the state. */
  show(): void {
    this.display.update(this.status());
  }

  /** Handles the signals and queries that every workflow has for operators. The Web UI shows the descriptions. */
  handleOperatorMessages(): void {
    const { requests } = this.state;
    const retry = () => {
      requests.retries += 1;
    };
    const abandon = (reason = 'no reason given') => {
      requests.abandoned = reason;
    };
    setHandler(contract.retry, retry, { description: 'Try a step again now that is parked because of an outage' });
    setHandler(contract.abandon, abandon, { description: 'End without loading the waiting files; takes a reason' });
    setHandler(contract.status, () => this.status(), { description: 'Stage, due, counts, jobs, last error' });
    setHandler(contract.files, (number = 0) => this.state.page(number), {
      description: `Announced files, ${contract.FILES_PER_PAGE} per page, from page 0`,
    });
  }

  private status(): contract.WindowStatus {
    const status = this.state.status();
    const { parked } = this.retry;
    return parked ? { ...status, stage: 'parked', parkedFor: parked.reason, lastError: parked.message } : status;
  }
}
