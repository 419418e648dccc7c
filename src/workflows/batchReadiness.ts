import type { FileEvent } from '../windows/fileEvent';
import type { BatchLimits, CompleteFolder } from './contract';

/** A folder with files that wait, and the newest update among them. */
export interface Place {
  /** Without its final slash. */
  readonly folder: string;
  readonly updatedMs: number;
}

/** How much waits. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/**
 * What closes a batch before its window is due: its limits, and objects that say that a folder is complete. Such an object is
 * about the files that were there when it was written; later ones wait for the next, or for due.
 */
export class BatchReadiness {
  private readonly complete: CompleteFolder[];

  constructor(
    private readonly limits: BatchLimits = {},
    complete: readonly CompleteFolder[] = [],
  ) {
    this.complete = [...complete];
  }

  note(folder: CompleteFolder): void {
    this.complete.push(folder);
  }

  carry(): readonly CompleteFolder[] {
    return this.complete;
  }

  /** Whether anything closes a batch early. */
  get possible(): boolean {
    const { maxFiles, maxBytes, until } = this.limits;
    return maxFiles !== undefined || maxBytes !== undefined || until === true;
  }

  /** Whether batches hold so few files that a payload always takes one. */
  keepsBelow(files: number): boolean {
    return (this.limits.maxFiles ?? Number.POSITIVE_INFINITY) <= files;
  }

  isFull({ files, bytes }: Amount): boolean {
    const { maxFiles = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = this.limits;
    return files >= maxFiles || bytes >= maxBytes;
  }

  /** Whether all the places are complete: a batch over many folders waits for each of them. */
  covers(places: Iterable<Place>): boolean {
    if (this.complete.length === 0) return false;
    for (const place of places) if (!this.complete.some((marker) => isAbout(marker, place))) return false;
    return true;
  }

  /**
   * Files in batches, in order: each but the last is full.
   *
   * @param before what the first batch holds already.
   */
  split(files: Iterable<FileEvent>, before: Amount): FileEvent[][] {
    let batch: FileEvent[] = [];
    let amount = before;
    const batches = [batch];
    for (const file of files) {
      if (this.isFull(amount)) {
        batch = [];
        amount = { files: 0, bytes: 0 };
        batches.push(batch);
      }
      batch.push(file);
      amount = { files: amount.files + 1, bytes: amount.bytes + file.size };
    }
    return batches;
  }
}

function isAbout(marker: CompleteFolder, place: Place): boolean {
  if (place.updatedMs > marker.updatedMs) return false;
  const below = marker.folder.endsWith('/') ? marker.folder : `${marker.folder}/`;
  return place.folder === marker.folder || (marker.below && place.folder.startsWith(below));
}
