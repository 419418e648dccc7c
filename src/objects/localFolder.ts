import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ObjectInfo } from './objectStore';

/** Files of a folder of this machine, as far as rules need them: listed and read. URLs are paths or `file://`. */
export class LocalFolder {
  async read(url: string): Promise<string | undefined> {
    try {
      return await readFile(pathOf(url), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** @throws Error of the system when there is no such folder. */
  async list(folderUrl: string): Promise<ObjectInfo[]> {
    const folder = pathOf(folderUrl);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const { mtimeMs, size } = await stat(path);
        const name = relative(folder, path).split(sep).join('/');
        const updatedMs = Math.floor(mtimeMs);
        return {
          url: `${folderUrl.replace(/\/$/, '')}/${name}`,
          generation: `${updatedMs}`,
          size,
          updatedMs,
          metadata: {},
        };
      }),
    );
  }
}

function pathOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
