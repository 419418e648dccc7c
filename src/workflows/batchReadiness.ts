import type { FileEvent } from '../windows/fileEvent';
import type { BatchLimits, CompleteFolder } from './contract';

/** A folder with waiting files, and the newest update among them. */
export interface Place {
  /** Without its final slash. */
  readonly folder: string;
  readonly updatedMs: number;
}

/** Number and size of files. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Decides whether a batch is ready before its window is due: it reaches a limit, or all its folders are complete. A completion
 * file covers the files that were in the folder when it was written. Later files wait for the next one, or for due.
 */
export class BatchReadiness {
  private readonly complete: CompleteFolder[];

  constructor(
    private readonly limits: BatchLimits = {},
    complete: readonly CompleteFolder[] = [],
  ) {
    this.complete = [...complete];
  }

  addComplete(folder: CompleteFolder): void {
    this.complete.push(folder);
  }

  /** The complete folders, for the next run of the chain. */
  carry(): readonly CompleteFolder[] {
    return this.complete;
  }

  /** Whether a batch can be ready before due at all. */
  get possible(): boolean {
    const { maxFiles, maxBytes, until } = this.limits;
    return maxFiles !== undefined || maxBytes !== undefined || until === true;
  }

  isFull({ files, bytes }: Amount): boolean {
    const { maxFiles = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = this.limits;
    return files >= maxFiles || bytes >= maxBytes;
  }

  /** Whether all the places are complete. A batch over several folders waits for each of them. */
  covers(places: Iterable<Place>): boolean {
    if (this.complete.length === 0) return false;
    for (const place of places) if (!this.complete.some((folder) => completes(folder, place))) return false;
    return true;
  }

  /**
   * Splits files into batches, in order. All batches except the last are full.
   *
   * @param before number and size of files that the first batch has already.
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

function completes({ folder, below, updatedMs }: CompleteFolder, place: Place): boolean {
  if (place.updatedMs > updatedMs) return false;
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return place.folder === folder || (below && place.folder.startsWith(prefix));
}
