import type { FileEvent } from '../windows/fileEvent';
import { folderOf } from '../windows/folder';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { Amount, Place } from './batchReadiness';

/** Files of one rule that wait to be loaded, and the event that came first. */
export interface Waiting {
  readonly owner: FileEvent;
  readonly files: Map<string, FileEvent>;
  readonly spilled: SpilledFiles[];
}

/** Number and size of files, spilled ones included. */
export function amountOf(files: Iterable<FileEvent>, spilled: readonly SpilledFiles[]): Amount {
  let amount = { files: 0, bytes: 0 };
  for (const { size } of files) amount = { files: amount.files + 1, bytes: amount.bytes + size };
  for (const { files: count, bytes = 0 } of spilled) {
    amount = { files: amount.files + count, bytes: amount.bytes + bytes };
  }
  return amount;
}

/** Adds the totals that are needed while the files are only in storage. */
export function withTotals(spilled: SpilledFiles, files: readonly FileEvent[]): SpilledFiles {
  return { ...spilled, bytes: amountOf(files, []).bytes, places: [...placesOf(files)], first: files[0] };
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
