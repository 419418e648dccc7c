import { errorText } from '../../errorText';
import type { ObjectStore } from '../../objects/objectStore';

/** Sizes of the files asked for, as far as they could be learnt. */
export interface FileSizes {
  /** Bytes by URL; files that do not exist are absent. */
  readonly known: ReadonlyMap<string, number>;
  /** Why Cloud Storage could not tell. */
  readonly failure?: string;
}

/** Asks Cloud Storage for the sizes of files, on which the parts of a load depend. Never throws: a plan can be made without. */
export async function fileSizes(urls: readonly string[], storage: Pick<ObjectStore, 'stat'>): Promise<FileSizes> {
  const known = new Map<string, number>();
  const asked = [...new Set(urls)].map(async (url) => {
    const found = await storage.stat(url);
    if (found) known.set(url, found.size);
  });
  const failed = (await Promise.allSettled(asked)).find((answer) => answer.status === 'rejected');
  if (!failed) return { known };
  return { known, failure: errorText(failed.reason) };
}
