import { destLedgerFolder, partPlace } from '../../journal/names';
import { isLoaded, notYetLoaded } from '../../ledger/entry';
import type { FileEvent } from '../../windows/fileEvent';
import { type FileVersion, versionKey } from '../../windows/fileVersion';
import type { Dependencies } from '../dependencies';

/** Announced so long after it was written, a file may be announced again. */
const DELAYED_MS = 10 * 60_000;

const READS_AT_ONCE = 20;

/** A batch that is about to be sealed. */
interface Candidates {
  readonly files: readonly FileVersion[];
  readonly announced: readonly FileEvent[];
  /** Start of the run, Unix milliseconds. */
  readonly startedMs: number;
  readonly dest: string;
  /** Folder of the run's own ledger parts. */
  readonly folder: string;
}

/**
 * Leaves out what another window has loaded: a rule whose window has another length by now, or that stands at another place
 * of its file, has put earlier files into windows of other names. Only files that nobody has announced, or late, are looked
 * for, since that takes a listing of the table's whole ledger.
 */
export async function withoutLoadedElsewhere(
  { files, announced, startedMs, dest, folder }: Candidates,
  { config, objects, batchFiles }: Pick<Dependencies, 'config' | 'objects' | 'batchFiles'>,
): Promise<readonly FileVersion[]> {
  const known = new Set(announced.map(versionKey));
  const doubtful = files.filter((file) => !known.has(versionKey(file)) || file.updatedMs < startedMs - DELAYED_MS);
  if (doubtful.length === 0) return files;
  const oldestMs = Math.min(...doubtful.map(({ updatedMs }) => updatedMs));
  const ledger = destLedgerFolder(config, dest);
  const listed = await objects.list(ledger, { recursive: true });
  const others = listed.filter(({ url, updatedMs, metadata }) => {
    const place = partPlace(ledger, url);
    return place && place.folder !== folder && updatedMs >= oldestMs && isLoaded(metadata);
  });
  let left: readonly FileVersion[] = doubtful;
  for (let start = 0; start < others.length && left.length > 0; start += READS_AT_ONCE) {
    const wave = others.slice(start, start + READS_AT_ONCE);
    left = notYetLoaded(left, await Promise.all(wave.map(({ url }) => batchFiles.read(url))));
  }
  const gone = new Set(doubtful.map(versionKey));
  for (const file of left) gone.delete(versionKey(file));
  return files.filter((file) => !gone.has(versionKey(file)));
}
