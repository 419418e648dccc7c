import type { Config } from '../config/config';
import { type BadFileRecord, badFilesFolder, parseRecords } from '../journal/badFileRecord';
import type { ObjectStore } from '../objects/objectStore';

/** Which bad files are asked for. */
export interface BadFileSelection {
  /** Destination table, as the rule's expanded. */
  readonly dest?: string;
  /** Unix milliseconds: first seen since then. */
  readonly sinceMs?: number;
}

const READ_AT_ONCE = 16;

/**
 * Records of bad files in the journal, oldest first.
 *
 * @throws Error that names the object that holds no records.
 */
export async function badFileRecords(
  config: Pick<Config, 'journalUrl'>,
  { dest, sinceMs = Number.NEGATIVE_INFINITY }: BadFileSelection,
  objects: Pick<ObjectStore, 'list' | 'read'>,
): Promise<BadFileRecord[]> {
  const folder = badFilesFolder(config);
  const listed = await objects.list(dest === undefined ? folder : `${folder}/${dest}`, { recursive: true });
  // Records are written once: none of an object is younger than the object.
  const queue = listed.filter(({ updatedMs }) => updatedMs >= sinceMs).values();
  const found: BadFileRecord[] = [];
  const work = async () => {
    for (const { url } of queue) found.push(...parseRecords((await objects.read(url)) ?? '', url));
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, work));
  return found
    .filter(({ firstSeen }) => Date.parse(firstSeen) >= sinceMs)
    .sort((one, other) => compare(one.firstSeen, other.firstSeen) || compare(one.file, other.file));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
