import type { Config } from '../config/config';
import type { LedgerPart } from '../journal/ledger';
import type { ObjectStore } from '../objects/objectStore';
import type { Rule } from '../rules/types';
import type { FileVersion } from '../windows/fileVersion';
import type { FileEvent } from '../workflows/contract';
import { DestLedger, type IsRunning, type LedgerVerdict } from './destLedger';
import { eventIdOf } from './eventId';
import { type Place, placeOf } from './placeOf';

/** A file that a rule takes, found otherwise than by its event. */
export interface FoundFile {
  readonly rule: Rule;
  readonly file: FileVersion;
  /** ID to send it under; absent: one made of its version. */
  readonly eventId?: string;
}

/** What became of a found file. */
export interface Resent extends Place {
  readonly url: string;
  /** `waits`: of two runs of its window that died, the other one is taken up first; look again later. */
  readonly done: 'sent' | 'known' | 'waits';
}

/** Sends an event on its ordinary way. */
export type Send = (rule: Rule, event: FileEvent) => Promise<unknown>;

/**
 * Sends found files on the ordinary way of events, but for those that the ledger knows. Files of a run that died before its
 * load was confirmed go under that run's event ID, so that the new run adopts its jobs.
 */
export class Resender {
  private readonly ledgers = new Map<string, Promise<DestLedger>>();

  constructor(
    private readonly config: Config,
    private readonly objects: ObjectStore,
    private readonly isRunning: IsRunning,
    private readonly send: Send,
  ) {}

  /** @param dryRun tells what would be done, and does nothing. */
  async resend(found: readonly FoundFile[], dryRun: boolean): Promise<Resent[]> {
    const placed = await Promise.all(found.map((one) => this.place(one)));
    const died = diedByWorkflow(placed);
    const resent = placed.map(({ url, dest, workflowId, verdict }): Resent => {
      const first = died.get(workflowId);
      if (verdict === 'known') return { url, dest, workflowId, done: 'known' };
      const waits = verdict !== 'unknown' && verdict.eventId !== first?.eventId;
      return { url, dest, workflowId, done: waits ? 'waits' : 'sent' };
    });
    if (!dryRun) {
      const sent = placed.filter((_, at) => resent[at]?.done === 'sent');
      // What is sent first owns the batch.
      const [taken, fresh] = [sent.filter(isTakenUp), sent.filter((one) => !isTakenUp(one))];
      await Promise.all([...taken, ...fresh].map(({ rule, event }) => this.send(rule, event)));
    }
    return resent;
  }

  private async place({ rule, file, eventId }: FoundFile) {
    const { url, generation, size, updatedMs } = file;
    const place = placeOf(rule, file);
    const verdict = await (await this.ledger(place.dest)).verdict(file, place.workflowId);
    const died = typeof verdict === 'object' ? verdict : undefined;
    const event: FileEvent = {
      ...{ url, generation, size, updatedMs, ruleId: rule.id },
      eventId: died?.eventId ?? eventId ?? eventIdOf('', url, generation),
    };
    return { ...place, url, rule, event, verdict };
  }

  private ledger(dest: string): Promise<DestLedger> {
    const known = this.ledgers.get(dest);
    if (known) return known;
    const ledger = DestLedger.of(this.config, dest, this.objects, this.isRunning);
    this.ledgers.set(dest, ledger);
    return ledger;
  }
}

function isTakenUp({ verdict }: { readonly verdict: LedgerVerdict }): boolean {
  return typeof verdict === 'object';
}

/** One part of a dead run for each workflow: a run takes up one. */
function diedByWorkflow(
  placed: readonly { readonly workflowId: string; readonly verdict: LedgerVerdict }[],
): Map<string, LedgerPart> {
  const died = new Map<string, LedgerPart>();
  for (const { workflowId, verdict } of placed) {
    if (typeof verdict === 'object' && !died.has(workflowId)) died.set(workflowId, verdict);
  }
  return died;
}
