import { ObjectExistsError, type ObjectStore } from '../objects/objectStore';
import type { FileEvent } from '../windows/fileEvent';
import { type FileVersion, versionKey } from '../windows/fileVersion';
import { type EntryOwner, type LedgerEntry, notYetLoaded, stateMetadata } from './entry';
import type { EntryReader, StoredEntry } from './entryReader';
import { entryUrl } from './urls';

/** A batch, as far as the choice of its entry depends on it. */
export interface BindableBatch {
  readonly owner: EntryOwner;
  readonly files: readonly FileVersion[];
  /** Announced files; the first one that is left over owns the next batch. */
  readonly announced: readonly FileEvent[];
  /** URLs of entries of earlier runs that this run has resumed already. */
  readonly resumedEntries: readonly string[];
}

/** A batch that is to be bound to its load job. */
export interface BindRequest extends BindableBatch {
  /** Folder of the entries of the rule in this window. */
  readonly folder: string;
  /** Makes the entry of a process. */
  readonly draft: (owner: EntryOwner, files: readonly FileVersion[]) => LedgerEntry;
}

/** An entry that binds a batch to its load job. */
export interface BoundFiles {
  readonly url: string;
  readonly entry: LedgerEntry;
  /** The entry is of an earlier run, which may have loaded some of its rows. */
  readonly resumed?: true;
  /** The load job, when an earlier run has brought all rows to the destination table. */
  readonly loaded?: StoredEntry['loaded'];
  /** The first announced file that the entry does not contain, when the entry is of an earlier run. */
  readonly nextOwner?: FileEvent;
}

/** What a batch is bound by when its folder has entries already. */
export type NextEntry =
  | { readonly kind: 'resume'; readonly stored: StoredEntry; readonly nextOwner?: FileEvent }
  | { readonly kind: 'write'; readonly owner: EntryOwner; readonly files: readonly FileVersion[] }
  | { readonly kind: 'nothing' };

/**
 * Chooses the entry of a batch by the entries that its folder has.
 *
 * | live entries of the folder | result |
 * |---|---|
 * | one is unfinished: its state is `intent` | resume it: its job IDs let the run adopt what has run; new files wait for the next batch |
 * | the batch's own one is confirmed, not done | resume it: its actions are still to be carried out |
 * | none has the batch's event ID | write one with the files that no other entry contains |
 * | the batch's own one is done or resumed already, new files were announced | write one that the first new file owns |
 * | the same without new files | nothing |
 *
 * An entry that this run has resumed already is not resumed again; a retired one counts as absent.
 */
export function nextEntry(all: readonly StoredEntry[], batch: BindableBatch): NextEntry {
  const live = all.filter(({ state }) => state !== 'retired');
  const files = notYetLoaded(
    batch.files,
    live.map(({ entry }) => entry),
  );
  const left = new Set(files.map(versionKey));
  const nextOwner = batch.announced.find((event) => left.has(versionKey(event)));
  const ownEntry = live.find(({ entry }) => entry.eventId === batch.owner.eventId);
  const open = live.filter(({ state, url }) => state !== 'done' && !batch.resumedEntries.includes(url));
  const unfinishedEntry = open.find(({ state }) => state === 'intent') ?? open.find((stored) => stored === ownEntry);
  if (unfinishedEntry) return { kind: 'resume', stored: unfinishedEntry, nextOwner };
  if (!ownEntry) return { kind: 'write', owner: batch.owner, files };
  return nextOwner ? { kind: 'write', owner: nextOwner, files } : { kind: 'nothing' };
}

/**
 * Writes the entry of a batch, or finds the one to resume. The first entry of a folder is written without listing it: only the
 * second run of a window finds it taken.
 *
 * @returns undefined when nothing is left to load.
 */
export async function bindFiles(
  request: BindRequest,
  entries: EntryReader,
  objects: ObjectStore,
): Promise<BoundFiles | undefined> {
  const { folder, draft } = request;
  let { owner, files } = request;
  for (let number = 1; files.length > 0; ) {
    const url = entryUrl(folder, number);
    const entry = draft(owner, files);
    if (await writeNew(url, entry, objects)) return { url, entry };
    const stored = await entries.readFolder(folder);
    const next = nextEntry(stored, { ...request, owner });
    if (next.kind === 'nothing') return undefined;
    if (next.kind === 'resume') {
      const { url: earlier, entry: resumed, loaded } = next.stored;
      return { url: earlier, entry: resumed, resumed: true, loaded, nextOwner: next.nextOwner };
    }
    ({ owner, files } = next);
    number = nextNumber(stored);
  }
  return undefined;
}

/**
 * Claims files in the folder of a window that another one has taken over, so that a late run of that window leaves them out. For
 * that window the claim counts as done: only the claimant knows whether the files are loaded.
 *
 * @param claim entry of the claimant; its files are replaced.
 * @returns the files that no entry of the folder contained, or those of an earlier claim of the same event ID.
 */
export async function claimFiles(
  folder: string,
  files: readonly FileVersion[],
  claim: LedgerEntry,
  entries: EntryReader,
  objects: ObjectStore,
): Promise<readonly FileVersion[]> {
  for (;;) {
    const stored = await entries.readFolder(folder);
    const earlier = stored.find(({ entry }) => entry.eventId === claim.eventId);
    if (earlier) return earlier.entry.files;
    const live = stored.filter(({ state }) => state !== 'retired').map(({ entry }) => entry);
    const claimed = notYetLoaded(files, live);
    if (claimed.length === 0) return [];
    const entry = { ...claim, files: claimed };
    if (await writeNew(entryUrl(folder, nextNumber(stored)), entry, objects, 'done')) return claimed;
  }
}

function nextNumber(stored: readonly StoredEntry[]): number {
  return Math.max(0, ...stored.map(({ number }) => number)) + 1;
}

/** @returns false when another run has written an entry of that URL. */
async function writeNew(
  url: string,
  entry: LedgerEntry,
  objects: ObjectStore,
  state: 'intent' | 'done' = 'intent',
): Promise<boolean> {
  try {
    await objects.write(url, JSON.stringify(entry), { ifAbsent: true, metadata: stateMetadata(state) });
    return true;
  } catch (error) {
    if (error instanceof ObjectExistsError) return false;
    throw error;
  }
}
