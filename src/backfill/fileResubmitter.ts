import type { Config } from '../config/config';
import { type IsRunning, TableLedger } from '../ledger/tableLedger';
import type { ObjectStore } from '../objects/objectStore';
import { placement, workflowIdOf } from '../rules/placement';
import type { Rule } from '../rules/types';
import { eventIdOf } from '../starter/eventId';
import type { FileEvent } from '../windows/fileEvent';
import type { FileVersion } from '../windows/fileVersion';

/** A file that a rule takes, found otherwise than by its event. */
export interface FoundFile {
  readonly rule: Rule;
  readonly file: FileVersion;
}

/** How found files are sent. */
export interface Resending {
  /** Tells what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** ID that the first process shall have; only one file goes under it, since two processes of one ID would share their jobs. */
  readonly eventId?: string;
}

/** What became of a found file. */
export interface Resubmission {
  readonly url: string;
  /** Destination table. */
  readonly dest: string;
  /** ID of its window, or of the load of this file alone. */
  readonly workflowId: string;
  /** `waits`: a run of another window or rule, as they were then, died with it; that one is to be retried. */
  readonly done: 'sent' | 'known' | 'waits';
}

/** Sends an event on its ordinary way. */
export type Send = (rule: Rule, event: FileEvent) => Promise<unknown>;

/**
 * Sends found files on the ordinary way of events, but for those that the ledger knows. Files of a run that died before its
 * load was confirmed go under that run's event ID, so that the new run adopts its jobs.
 */
export class FileResubmitter {
  private readonly ledgers = new Map<string, Promise<TableLedger>>();

  constructor(
    private readonly config: Config,
    private readonly objects: ObjectStore,
    private readonly isRunning: IsRunning,
    private readonly send: Send,
  ) {}

  /** @returns what became of each file, in their order. */
  async resend(found: readonly FoundFile[], { dryRun = false, eventId }: Resending = {}): Promise<Resubmission[]> {
    const placed = await Promise.all(found.map((one) => this.place(one)));
    const resent = placed.map(({ url, dest, workflowId, rule, verdict }): Resubmission => {
      if (verdict === 'known') return { url, dest, workflowId, done: 'known' };
      const elsewhere = verdict !== 'unknown' && (verdict.workflowId !== workflowId || verdict.ruleId !== rule.id);
      return elsewhere
        ? { url, dest, workflowId: verdict.workflowId, done: 'waits' }
        : { url, dest, workflowId, done: 'sent' };
    });
    if (!dryRun) {
      const sent = placed.filter((_, at) => resent[at]?.done === 'sent');
      const first = sent.find(({ verdict }) => verdict === 'unknown');
      await Promise.all(
        sent.map((one) => this.send(one.rule, one === first && eventId ? { ...one.event, eventId } : one.event)),
      );
    }
    return resent;
  }

  private async place({ rule, file }: FoundFile) {
    const { url, generation, size, updatedMs } = file;
    const placed = placement(rule, file);
    const { table: dest } = placed;
    const workflowId = workflowIdOf(placed, file);
    const verdict = await (await this.ledger(dest)).verdict(file, workflowId);
    const died = typeof verdict === 'object' ? verdict : undefined;
    const event: FileEvent = {
      ...{ url, generation, size, updatedMs, ruleId: rule.id },
      eventId: died?.eventId ?? eventIdOf('', url, generation),
    };
    return { dest, workflowId, url, rule, event, verdict };
  }

  private ledger(dest: string): Promise<TableLedger> {
    const known = this.ledgers.get(dest);
    if (known) return known;
    const ledger = TableLedger.of(this.config, dest, this.objects, this.isRunning);
    this.ledgers.set(dest, ledger);
    return ledger;
  }
}
