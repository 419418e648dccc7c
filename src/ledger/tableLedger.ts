import type { Config } from '../config/config';
import { destLedgerFolder, partPlace } from '../journal/names';
import type { ObjectInfo, ObjectStore } from '../objects/objectStore';
import { type FileVersion, isNewer } from '../windows/fileVersion';
import type { LedgerEntry } from './entry';
import { isLoaded, LEDGER_STATE } from './entry';

const READS_AT_ONCE = 20;

/** What the ledger tells of a file: nothing, that it is loaded or about to be, or the part of a run that died with it. */
export type LedgerVerdict = 'unknown' | 'known' | LedgerEntry;

/** Whether a workflow runs. */
export type IsRunning = (workflowId: string) => Promise<boolean>;

interface Part {
  readonly object: ObjectInfo;
  readonly workflowId: string;
  read?: Promise<LedgerEntry | undefined>;
}

/**
 * The ledger of one destination table over all its windows, as it was when it was listed. Parts are read when they may hold
 * a file: those of its own window, then all that were written since the file, since a rule that changed has put earlier
 * files into windows of other names.
 */
export class TableLedger {
  private constructor(
    private readonly parts: readonly Part[],
    private readonly objects: ObjectStore,
    private readonly isRunning: IsRunning,
  ) {}

  static async of(config: Config, dest: string, objects: ObjectStore, isRunning: IsRunning): Promise<TableLedger> {
    const folder = destLedgerFolder(config, dest);
    const listed = await objects.list(folder, { recursive: true });
    const parts = listed.flatMap((object) => {
      const place = partPlace(folder, object.url);
      return place ? [{ object, workflowId: place.workflowId }] : [];
    });
    return new TableLedger(parts, objects, isRunning);
  }

  /** @param workflowId of the window that the file belongs to by today's rule. */
  async verdict(file: FileVersion, workflowId: string): Promise<LedgerVerdict> {
    const own = this.parts.filter((part) => part.workflowId === workflowId);
    const others = this.parts.filter((part) => !own.includes(part) && part.object.updatedMs >= file.updatedMs);
    for (const parts of [own, others]) {
      const verdict = await this.look(file, parts);
      if (verdict !== 'unknown') return verdict;
    }
    return 'unknown';
  }

  private async look(file: FileVersion, parts: readonly Part[]): Promise<LedgerVerdict> {
    const live = parts.filter(({ object }) => object.metadata[LEDGER_STATE] !== 'retired');
    for (let start = 0; start < live.length; start += READS_AT_ONCE) {
      const wave = live.slice(start, start + READS_AT_ONCE);
      const contents = await Promise.all(wave.map((part) => this.read(part)));
      for (const [at, content] of contents.entries()) {
        const held = content?.files.find(({ url }) => url === file.url);
        // An older generation was another content.
        if (!content || !held || isNewer(file, held)) continue;
        const died = !isLoaded(wave[at]?.object.metadata ?? {}) && !(await this.isRunning(content.workflowId));
        return died ? content : 'known';
      }
    }
    return 'unknown';
  }

  private read(part: Part): Promise<LedgerEntry | undefined> {
    part.read ??= this.objects
      .read(part.object.url)
      .then((text) => (text === undefined ? undefined : JSON.parse(text)));
    return part.read;
  }
}
