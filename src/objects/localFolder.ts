import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ObjectInfo } from './objectStore';

/** Files of a folder of this machine, as far as rules need them: listed and read. URLs are paths or `file://`. */
export class LocalFolder {
  async read(url: string): Promise<string | undefined> {
    return orMissing(() => readFile(pathOf(url), 'utf8'));
  }

  /** @throws Error of the system when there is no such folder. */
  async list(folderUrl: string): Promise<ObjectInfo[]> {
    const folder = pathOf(folderUrl);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const found = await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const stats = await orMissing(() => stat(path));
        if (!stats) return [];
        const updatedMs = Math.floor(stats.mtimeMs);
        const name = relative(folder, path).split(sep).join('/');
        const url = folderUrl.startsWith('file://')
          ? pathToFileURL(path).href
          : `${folderUrl.replace(/\/+$/, '')}/${name}`;
        return [{ url, generation: `${updatedMs}`, size: stats.size, updatedMs, metadata: {} }];
      }),
    );
    return found.flat();
  }
}

function pathOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url;
}

/** Undefined when the file is not there (any more). */
async function orMissing<T>(get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
