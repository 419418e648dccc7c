import type { ObjectInfo } from '../../objects/objectStore';
import type { SealInput } from '../../plan/sealInput';
import { cleanPath } from '../../rules/objectPath';
import { placementIfValid } from '../../rules/placement';
import { sealsByListing } from '../../rules/sealing';
import type { Rule } from '../../rules/types';
import { takes } from '../../rules/when';
import type { FileEvent } from '../../windows/fileEvent';
import { folderOf } from '../../windows/folder';
import type { Dependencies } from '../dependencies';
import { takenOver } from '../journal/rollOver';

/** Files found by listing, with or without an event. */
export interface ListedFiles {
  /** Files of the window itself. */
  readonly own: readonly ObjectInfo[];
  /** Files of the window before, which this one has taken over. */
  readonly takenOver: readonly ObjectInfo[];
}

/**
 * Lists the folders of the announced files, so that a batch contains files whose events are late or lost. Nothing is listed for a
 * single file, for a batch that closes before its window is due, and for a rule whose loaded files stay in their folders
 * (docs/compatibility.md#sealing).
 */
export async function listWindow(
  deps: Pick<Dependencies, 'objects'>,
  announced: readonly FileEvent[],
  { window, beforeDue }: SealInput,
  rule: Rule,
): Promise<ListedFiles> {
  if (!window || beforeDue || !sealsByListing(rule)) return { own: [], takenOver: [] };
  const folders = [...new Set(announced.map((file) => folderOf(file.url)))];
  const listings = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  const files = listings.flat().filter((file) => takes(rule, cleanPath(file.url)));
  const windowIds = new Map(files.map((file) => [file, placementIfValid(rule, file)?.window?.id]));
  const previous = takenOver(window, rule);
  return {
    own: files.filter((file) => windowIds.get(file) === window.id),
    takenOver: previous === undefined ? [] : files.filter((file) => windowIds.get(file) === previous),
  };
}
