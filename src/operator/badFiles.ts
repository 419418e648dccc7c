import type { Config } from '../config/config';
import { type BadFileRecord, badFilesFolder, parseRecords } from '../journal/badFileRecord';
import type { ObjectStore } from '../objects/objectStore';

/** Selects bad files; all conditions must hold. */
export interface BadFileSelection {
  /** Destination table, expanded. */
  readonly dest?: string;
  /** Only files first seen since then, Unix milliseconds. */
  readonly sinceMs?: number;
}

const PARALLEL_READS = 16;

/**
 * Records of bad files in the journal, oldest first.
 *
 * @throws Error with the URL of an object that does not contain records.
 */
export async function badFileRecords(
  config: Pick<Config, 'journalUrl'>,
  { dest, sinceMs = Number.NEGATIVE_INFINITY }: BadFileSelection,
  objects: Pick<ObjectStore, 'list' | 'read'>,
): Promise<BadFileRecord[]> {
  const folder = badFilesFolder(config);
  const listed = await objects.list(dest === undefined ? folder : `${folder}/${dest}`, { recursive: true });
  // Objects are written once, so no record is newer than its object.
  const queue = listed.filter(({ updatedMs }) => updatedMs >= sinceMs).values();
  const records: BadFileRecord[] = [];
  const work = async () => {
    for (const { url } of queue) records.push(...parseRecords((await objects.read(url)) ?? '', url));
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, work));
  return records
    .filter(({ firstSeen }) => Date.parse(firstSeen) >= sinceMs)
    .sort((one, other) => compare(one.firstSeen, other.firstSeen) || compare(one.file, other.file));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
