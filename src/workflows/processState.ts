import type { JsonObject } from '../json';
import type { BatchFiles } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import { NONE_REJECTED, type RejectedCounts } from '../plan/recovery/rejected';
import { responseOf } from '../plan/replayed/response';
import type { Process } from '../windows/process';
import type { JobStatus, ProcessStatus, Stage } from './contract';
import type { Failure } from './failure';

const ENDED: readonly Stage[] = ['done', 'failed', 'abandoned', 'cancelled'];

/** Who a process belongs to. */
export interface ProcessOwner {
  readonly ruleId: string;
  readonly eventId: string;
}

/** How far one process has come: the load of a batch or a single file, or the actions of a group. Plain state, no calls. */
export class ProcessState {
  /** Set when the process is known: once its batch is sealed, or its group planned. */
  process: Process | undefined;
  /** Stages of load jobs; empty until the batch is planned. */
  load: Plan['load'] = [];
  /** The files that were loaded; undefined until the load has ended well. */
  loaded: BatchFiles | undefined;
  /** Quarantined files. */
  rejected: RejectedCounts = NONE_REJECTED;
  /** The load, with the rows of all its jobs. */
  loadJob: JobOutcome | undefined;
  /** The last job that failed for good. */
  failedJob: JobOutcome | undefined;
  /** The failure that ended the process; undefined while there is none. */
  failure: Failure | undefined;
  /** Messages of failures after that one, or in answer to it. */
  readonly laterErrors: string[] = [];
  /** IDs, as planned, of the jobs that have ended. */
  readonly endedJobIds: string[] = [];
  private readonly jobs = new Map<string, JobStatus>();

  /** @param files number of files: announced ones, or those of the batch once it is sealed. */
  constructor(
    private readonly owner: ProcessOwner,
    public stage: Stage,
    public files = 0,
  ) {}

  /** Enters a stage, and shows a job in it. */
  enter(stage: Stage, job?: JobStatus): void {
    this.stage = stage;
    if (job) this.jobs.set(job.jobId, job);
  }

  /** Whether none of its work is under way. */
  get ended(): boolean {
    return ENDED.includes(this.stage);
  }

  /** Whether it has run, or runs, a job. */
  get hasJobs(): boolean {
    return this.jobs.size > 0;
  }

  /** The job that the journal names: the one that failed, else the load. */
  get job(): JobOutcome | undefined {
    return this.failedJob ?? this.loadJob;
  }

  /** The failure, with the messages of the later ones. */
  get error(): Failure | undefined {
    const { failure } = this;
    if (!failure) return undefined;
    const later = this.laterErrors.filter((message) => message !== failure.message);
    return { ...failure, message: [failure.message, ...later].join('; then: ') };
  }

  status(): ProcessStatus {
    const { owner, stage, files, rejected } = this;
    const hasRejected = Object.values(rejected).some((count) => count > 0);
    return { ...owner, stage, files, jobs: [...this.jobs.values()], rejected: hasRejected ? rejected : undefined };
  }

  /** `$Response` of the process so far, or of its failure; empty before the process is known. */
  response(error?: Failure): JsonObject {
    const { process, load, loaded, rejected, job } = this;
    if (!process) return {};
    return responseOf({ plan: { process, load }, files: { count: loaded?.count ?? this.files }, rejected, job, error });
  }
}
