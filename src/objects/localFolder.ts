import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ObjectInfo } from './objectStore';

/** Lists and reads files of local folders, for rules. URLs are paths or begin with `file://`. */
export class LocalFolder {
  /** The text of a file; undefined when it does not exist. */
  async read(url: string): Promise<string | undefined> {
    return unlessMissing(() => readFile(pathOf(url), 'utf8'));
  }

  /** All files below a folder. @throws Error of the system when the folder does not exist */
  async list(folderUrl: string): Promise<ObjectInfo[]> {
    const folder = pathOf(folderUrl);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const infos = await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const stats = await unlessMissing(() => stat(path));
        if (!stats) return [];
        const updatedMs = Math.floor(stats.mtimeMs);
        const name = relative(folder, path).split(sep).join('/');
        const url = folderUrl.startsWith('file://')
          ? pathToFileURL(path).href
          : `${folderUrl.replace(/\/+$/, '')}/${name}`;
        return [{ url, generation: `${updatedMs}`, size: stats.size, updatedMs, metadata: {} }];
      }),
    );
    return infos.flat();
  }
}

function pathOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url;
}

/** Returns undefined when the file does not exist. */
async function unlessMissing<T>(get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
