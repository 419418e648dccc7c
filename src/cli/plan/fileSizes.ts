import { errorText } from '../../errorText';
import type { ObjectStore } from '../../objects/objectStore';

/** Sizes of files. */
export interface FileSizes {
  /** Bytes by URL; without files that do not exist. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Why the sizes of some files could not be read. */
  readonly failure?: string;
}

/** Reads the sizes of files, which decide how a load is split into jobs. Never throws, because a plan can do without. */
export async function fileSizes(urls: readonly string[], storage: Pick<ObjectStore, 'stat'>): Promise<FileSizes> {
  const sizes = new Map<string, number>();
  const requests = [...new Set(urls)].map(async (url) => {
    const file = await storage.stat(url);
    if (file) sizes.set(url, file.size);
  });
  const failed = (await Promise.allSettled(requests)).find((answer) => answer.status === 'rejected');
  if (!failed) return { sizes };
  return { sizes, failure: errorText(failed.reason) };
}
