import { newFailure } from '../failures';
import type { ObjectStore } from '../objects/objectStore';
import { confirmedJobOf, type LedgerEntry, stateOf } from './entry';
import { entryNumber } from './urls';

const ENTRIES_KEPT = 200;

/** An entry with what its object says of it. */
export interface StoredEntry {
  readonly url: string;
  /** Number within its folder, from 1. */
  readonly number: number;
  readonly state: string;
  /** The load job; set while the state is `confirmed`. */
  readonly loaded?: { readonly jobId: string; readonly rows: number };
  readonly entry: LedgerEntry;
}

/** Reads entries. Their content never changes, so the last ones written or read are kept in memory. */
export class EntryReader {
  private readonly kept = new Map<string, LedgerEntry>();

  constructor(private readonly objects: ObjectStore) {}

  /** Keeps an entry that was just written. */
  keep(url: string, entry: LedgerEntry): void {
    this.kept.delete(url);
    this.kept.set(url, entry);
    const [oldest] = this.kept.keys();
    if (this.kept.size > ENTRIES_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  /** The entry; undefined when it was deleted. */
  async find(url: string): Promise<LedgerEntry | undefined> {
    const kept = this.kept.get(url);
    if (kept) return kept;
    const text = await this.objects.read(url);
    if (text === undefined) return undefined;
    const entry: LedgerEntry = JSON.parse(text);
    this.keep(url, entry);
    return entry;
  }

  /** @throws ApplicationFailure `LedgerMissing` when the entry was deleted. */
  async read(url: string): Promise<LedgerEntry> {
    const entry = await this.find(url);
    if (entry) return entry;
    throw newFailure('LedgerMissing', `${url}: the ledger entry with the files of this batch is gone`);
  }

  /** All entries of a folder. @throws ApplicationFailure `LedgerMissing` when one is deleted meanwhile. */
  async readFolder(folder: string): Promise<StoredEntry[]> {
    const objects = await this.objects.list(folder, { recursive: false });
    return Promise.all(
      objects.map(async ({ url, metadata }) => ({
        url,
        number: entryNumber(url),
        state: stateOf(metadata),
        loaded: confirmedJobOf(metadata),
        entry: await this.read(url),
      })),
    );
  }
}
