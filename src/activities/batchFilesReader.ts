import { ApplicationFailure } from '@temporalio/common';
import type { LedgerPart } from '../journal/ledger';
import type { ObjectStore } from '../objects/objectStore';

const PARTS_KEPT = 200;

/** Reads ledger parts, which never change; the ones written or read last are kept in memory. */
export class BatchFilesReader {
  private readonly kept = new Map<string, LedgerPart>();

  constructor(private readonly objects: ObjectStore) {}

  /** Notes a part just written, so that it need not be read. */
  keep(url: string, part: LedgerPart): void {
    this.kept.delete(url);
    this.kept.set(url, part);
    const [oldest] = this.kept.keys();
    if (this.kept.size > PARTS_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  /** @throws ApplicationFailure, not to be retried, when the part is gone. */
  async read(url: string): Promise<LedgerPart> {
    const known = this.kept.get(url);
    if (known) return known;
    const text = await this.objects.read(url);
    if (text === undefined) {
      throw ApplicationFailure.nonRetryable(
        `${url}: the ledger part with the files of this batch is gone`,
        'LedgerMissing',
      );
    }
    const part: LedgerPart = JSON.parse(text);
    this.keep(url, part);
    return part;
  }
}
