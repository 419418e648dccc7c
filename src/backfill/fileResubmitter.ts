import type { Config } from '../config/config';
import { type IsRunning, TableLedger } from '../ledger/tableLedger';
import type { ObjectStore } from '../objects/objectStore';
import { placement, workflowIdOf } from '../rules/placement';
import type { Rule } from '../rules/types';
import { eventIdOf } from '../windows/eventId';
import type { FileEvent } from '../windows/fileEvent';
import type { FileVersion } from '../windows/fileVersion';

/** A file that matches a rule, found by listing. */
export interface MatchedFile {
  readonly rule: Rule;
  readonly file: FileVersion;
}

export interface ResubmitOptions {
  /** Reports what would be done, without doing it. */
  readonly dryRun?: boolean;
  /** Event ID for the first sent file. Only one file may have it, because processes with the same ID share their jobs. */
  readonly eventId?: string;
  /** An operator chose the rules: the files need not meet their When. */
  readonly ruleChosen?: true;
}

/** Result for one file. */
export interface Resubmission {
  readonly url: string;
  /** Destination table. */
  readonly dest: string;
  /** ID of its window, or of the load of this file alone. */
  readonly workflowId: string;
  /**
   * `known`: the ledger has the file as loaded, or a running workflow will load it. `needsRetry`: a run of another window or
   * rule ended before it loaded the file; retry the workflow `workflowId`.
   */
  readonly done: 'sent' | 'known' | 'needsRetry';
}

/** Sends a file as intake does. */
export type SendFile = (rule: Rule, event: FileEvent) => Promise<unknown>;

/**
 * Sends files as intake does, except those that the ledger has. Files of a run that ended before its load was confirmed get the
 * event ID of that run, so that the new run adopts its jobs.
 */
export class FileResubmitter {
  private readonly ledgers = new Map<string, Promise<TableLedger>>();

  constructor(
    private readonly config: Config,
    private readonly objects: ObjectStore,
    private readonly isRunning: IsRunning,
    private readonly send: SendFile,
  ) {}

  /** @returns the result for each file, in their order. */
  async resubmit(
    files: readonly MatchedFile[],
    { dryRun = false, eventId, ruleChosen }: ResubmitOptions = {},
  ): Promise<Resubmission[]> {
    const placed = await Promise.all(files.map((file) => this.place(file)));
    const resubmissions = placed.map(({ url, dest, workflowId, rule, verdict }): Resubmission => {
      if (verdict === 'known') return { url, dest, workflowId, done: 'known' };
      const elsewhere = verdict !== 'unknown' && (verdict.workflowId !== workflowId || verdict.ruleId !== rule.id);
      return elsewhere
        ? { url, dest, workflowId: verdict.workflowId, done: 'needsRetry' }
        : { url, dest, workflowId, done: 'sent' };
    });
    if (!dryRun) {
      const sent = placed.filter((_, at) => resubmissions[at]?.done === 'sent');
      const first = sent.find(({ verdict }) => verdict === 'unknown');
      await Promise.all(
        sent.map((one) =>
          this.send(one.rule, { ...one.event, ruleChosen, eventId: (one === first && eventId) || one.event.eventId }),
        ),
      );
    }
    return resubmissions;
  }

  private async place({ rule, file }: MatchedFile) {
    const { url, generation, size, updatedMs } = file;
    const placed = placement(rule, file);
    const { table: dest } = placed;
    const workflowId = workflowIdOf(placed, file);
    const verdict = await (await this.ledger(dest)).verdict(file, workflowId, this.isRunning);
    const died = typeof verdict === 'object' ? verdict : undefined;
    const event: FileEvent = {
      ...{ url, generation, size, updatedMs, ruleId: rule.id },
      eventId: died?.eventId ?? eventIdOf('', url, generation),
    };
    return { dest, workflowId, url, rule, event, verdict };
  }

  private ledger(dest: string): Promise<TableLedger> {
    const cached = this.ledgers.get(dest);
    if (cached) return cached;
    const ledger = TableLedger.list(this.config, dest, this.objects);
    this.ledgers.set(dest, ledger);
    return ledger;
  }
}
