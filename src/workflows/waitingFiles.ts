import type { FileEvent } from '../windows/fileEvent';
import { folderOf } from '../windows/folder';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { Amount, Place } from './batchReadiness';

/** Files that one rule waits to load, and the event that came first. */
export interface Waiting {
  readonly owner: FileEvent;
  readonly files: Map<string, FileEvent>;
  /** Files put aside, by reference. */
  readonly spilled: SpilledFiles[];
}

/** How much there is of files at hand and files put aside. */
export function amountOf(files: Iterable<FileEvent>, spilled: readonly SpilledFiles[]): Amount {
  let amount = { files: 0, bytes: 0 };
  for (const { size } of files) amount = { files: amount.files + 1, bytes: amount.bytes + size };
  for (const { files: count, bytes = 0 } of spilled) {
    amount = { files: amount.files + count, bytes: amount.bytes + bytes };
  }
  return amount;
}

/** A stash with what is asked of it while its files are not at hand. */
export function stashOf(stash: SpilledFiles, files: readonly FileEvent[]): SpilledFiles {
  return { ...stash, bytes: amountOf(files, []).bytes, places: [...placesOf(files)] };
}

/** The folders of files. */
export function placesOf(files: Iterable<FileEvent>): Iterable<Place> {
  const places = new Map<string, Place>();
  for (const { url, updatedMs } of files) {
    const folder = folderOf(url);
    places.set(folder, { folder, updatedMs: Math.max(updatedMs, places.get(folder)?.updatedMs ?? 0) });
  }
  return places.values();
}
