import type { ObjectInfo, ObjectStore } from '../objects/objectStore';
import { type FileVersion, isNewer, versionKey } from '../windows/fileVersion';
import { isLoaded, type LedgerEntry, stateOf } from './entry';
import { entryPlace, type LedgerSettings, tableFolder } from './urls';

const READS_AT_ONCE = 20;

/**
 * What the ledger says of a file: no entry contains it; it is loaded or about to be; or the entry of a run that ended before the
 * file was loaded.
 */
export type LedgerVerdict = 'unknown' | 'known' | LedgerEntry;

/** Whether a workflow runs. */
export type IsRunning = (workflowId: string) => Promise<boolean>;

/** Reads an entry; undefined when it was deleted. */
export type ReadEntry = (url: string) => Promise<LedgerEntry | undefined>;

/** An entry by its listing. */
export interface ListedEntry {
  readonly object: ObjectInfo;
  readonly workflowId: string;
  readonly folder: string;
}

/** An entry that contains a file. */
interface Holder extends ListedEntry {
  readonly entry: LedgerEntry;
}

/** All entries of one destination table, over all windows, at the time of listing. An entry is read when it may contain a file. */
export class TableLedger {
  private constructor(
    readonly entries: readonly ListedEntry[],
    private readonly read: ReadEntry,
  ) {}

  /** @param read default: each entry is read once and kept. */
  static async list(
    config: LedgerSettings,
    dest: string,
    objects: ObjectStore,
    read: ReadEntry = keeping(objects),
  ): Promise<TableLedger> {
    const folder = tableFolder(config, dest);
    const listed = await objects.list(folder, { recursive: true });
    const entries = listed.flatMap((object) => {
      const place = entryPlace(folder, object.url);
      return place ? [{ object, ...place }] : [];
    });
    return new TableLedger(entries, read);
  }

  /**
   * Looks for a file in the entries of its own window, then in all that were written since the file: before a change of the rule,
   * windows had other names.
   *
   * @param workflowId of the window that the file belongs to by today's rule.
   */
  async verdict(file: FileVersion, workflowId: string, isRunning: IsRunning): Promise<LedgerVerdict> {
    const own = this.entries.filter((entry) => entry.workflowId === workflowId);
    const others = this.entries.filter((entry) => !own.includes(entry) && entry.object.updatedMs >= file.updatedMs);
    for (const entries of [own, others]) {
      const holder = (await this.holdersOf([file], entries)).get(versionKey(file));
      if (!holder) continue;
      const ended = !isLoaded(holder.object.metadata) && !(await isRunning(holder.entry.workflowId));
      return ended ? holder.entry : 'known';
    }
    return 'unknown';
  }

  /**
   * The first of the entries that contains a file, in the same or a newer generation, by the `versionKey` of the file. An older
   * generation had another content.
   *
   * @param entries some of `entries`, in this order; retired ones are left out.
   */
  async holdersOf(files: readonly FileVersion[], entries: readonly ListedEntry[]): Promise<Map<string, Holder>> {
    const holders = new Map<string, Holder>();
    const live = entries.filter(({ object }) => stateOf(object.metadata) !== 'retired');
    for (let start = 0; start < live.length && holders.size < files.length; start += READS_AT_ONCE) {
      const wave = live.slice(start, start + READS_AT_ONCE);
      const contents = await Promise.all(wave.map(({ object }) => this.read(object.url)));
      for (const [at, listed] of wave.entries()) {
        const entry = contents[at];
        if (!entry) continue;
        const held = new Map(entry.files.map((file) => [file.url, file]));
        for (const file of files) {
          const version = held.get(file.url);
          const key = versionKey(file);
          if (version && !isNewer(file, version) && !holders.has(key)) holders.set(key, { ...listed, entry });
        }
      }
    }
    return holders;
  }
}

function keeping(objects: ObjectStore): ReadEntry {
  const kept = new Map<string, Promise<LedgerEntry | undefined>>();
  return (url) => {
    const entry =
      kept.get(url) ?? objects.read(url).then((text) => (text === undefined ? undefined : JSON.parse(text)));
    kept.set(url, entry);
    return entry;
  };
}
