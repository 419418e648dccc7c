import type { ObjectChange, ObjectStore } from '../objects/objectStore';
import { changeFailure } from '../passingFailure';
import type { FileEvent } from '../windows/fileEvent';
import { type FileVersion, versionKey } from '../windows/fileVersion';
import { type BindRequest, type BoundFiles, bindFiles, claimFiles } from './bindFiles';
import { isLoaded, type LedgerEntry, type LedgerState } from './entry';
import { EntryReader } from './entryReader';
import { announceReload, type ReloadedFiles, settleEntry } from './settle';
import { TableLedger } from './tableLedger';
import { entryFolder, type LedgerSettings } from './urls';

/** A file announced so long after its last update may have been announced before. */
const LATE_MS = 10 * 60_000;

/** A batch that is about to be bound. */
export interface UnboundBatch {
  readonly dest: string;
  /** Folder of the entries of the rule in this window. */
  readonly folder: string;
  readonly files: readonly FileVersion[];
  readonly announced: readonly FileEvent[];
  /** Start of the run, Unix milliseconds. */
  readonly startedMs: number;
}

/**
 * The record, per destination table, of the files that are loaded or about to be, and of the jobs that load them. No file is
 * loaded twice because each one is bound to a job by an entry before that job exists (docs/guarantees.md).
 */
export class Ledger {
  private readonly entries: EntryReader;

  constructor(
    private readonly config: LedgerSettings,
    private readonly objects: ObjectStore,
  ) {
    this.entries = new EntryReader(objects);
  }

  /** Folder of the entries of one rule in one window, or of one single file. */
  folder(dest: string, workflowId: string, ruleId: string): string {
    return entryFolder(this.config, dest, workflowId, ruleId);
  }

  /** The files of an entry. @throws ApplicationFailure `LedgerMissing` when it was deleted. */
  read(url: string): Promise<LedgerEntry> {
    return this.entries.read(url);
  }

  /** Binds a batch to its load job: see `nextEntry`. @returns undefined when nothing is left to load. */
  async bindFiles(request: BindRequest): Promise<BoundFiles | undefined> {
    const bound = await bindFiles(request, this.entries, this.objects);
    if (bound) this.entries.keep(bound.url, bound.entry);
    return bound;
  }

  /** Claims files in the folder of a window that another one has taken over: see `claimFiles`. */
  claimFiles(folder: string, files: readonly FileVersion[], claim: LedgerEntry): Promise<readonly FileVersion[]> {
    return claimFiles(folder, files, claim, this.entries, this.objects);
  }

  /**
   * Leaves out the files that another window of the table has loaded, as happens when the windows of a rule change. Only files
   * that were not announced, or late, are looked for, because that lists all entries of the table.
   */
  async withoutLoadedElsewhere(batch: UnboundBatch): Promise<readonly FileVersion[]> {
    const { dest, folder, files, announced, startedMs } = batch;
    const events = new Set(announced.map(versionKey));
    const isLate = (file: FileVersion) => file.updatedMs < startedMs - LATE_MS;
    const doubtful = files.filter((file) => !events.has(versionKey(file)) || isLate(file));
    if (doubtful.length === 0) return files;
    const oldestMs = Math.min(...doubtful.map(({ updatedMs }) => updatedMs));
    const table = await TableLedger.list(this.config, dest, this.objects, (url) => this.entries.find(url));
    const elsewhere = table.entries.filter(
      ({ object, folder: other }) => other !== folder && object.updatedMs >= oldestMs && isLoaded(object.metadata),
    );
    const holders = await table.holdersOf(doubtful, elsewhere);
    return files.filter((file) => !holders.has(versionKey(file)));
  }

  /**
   * Writes some of the files of an entry beside it, for the job that loads them.
   *
   * @param name unique within the batch, e.g. the ID of the job.
   * @param reload the files that the job loads again: the entry names the job before it is submitted. Absent for a probe.
   * @throws ApplicationFailure `Unavailable`
   */
  async writeRemainder(
    url: string,
    files: LedgerEntry,
    name: string,
    reload: ReloadedFiles | undefined,
  ): Promise<void> {
    await this.objects.write(url, JSON.stringify(files));
    this.entries.keep(url, files);
    if (reload) await this.change(announceReload(reload, name));
  }

  /** Records what became of the rows of an entry. @throws ApplicationFailure `Unavailable` */
  async settle(url: string, state: LedgerState, jobIds: readonly string[], rows: number): Promise<void> {
    await this.change(settleEntry(url, state, jobIds, rows));
  }

  private async change(change: ObjectChange): Promise<void> {
    const [result] = await this.objects.change([change]);
    if (result?.error) throw changeFailure(result.error, 'ledger');
  }
}
