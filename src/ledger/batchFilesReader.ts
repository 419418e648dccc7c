import { newFailure } from '../failures';
import type { ObjectStore } from '../objects/objectStore';
import type { LedgerEntry } from './entry';

const PARTS_KEPT = 200;

/** Reads ledger parts, which never change; the ones written or read last are kept in memory. */
export class BatchFilesReader {
  private readonly kept = new Map<string, LedgerEntry>();

  constructor(private readonly objects: ObjectStore) {}

  /** Notes a part just written, so that it need not be read. */
  keep(url: string, part: LedgerEntry): void {
    this.kept.delete(url);
    this.kept.set(url, part);
    const [oldest] = this.kept.keys();
    if (this.kept.size > PARTS_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  /** @throws ApplicationFailure, not to be retried, when the part is gone. */
  async read(url: string): Promise<LedgerEntry> {
    const known = this.kept.get(url);
    if (known) return known;
    const text = await this.objects.read(url);
    if (text === undefined) {
      throw newFailure('LedgerMissing', `${url}: the ledger part with the files of this batch is gone`);
    }
    const part: LedgerEntry = JSON.parse(text);
    this.keep(url, part);
    return part;
  }
}
