/** One version of an object. The same URL with another generation is another version. */
export interface FileVersion {
  /** `gs://bucket/name`. */
  readonly url: string;
  /** Decimal integer that grows with each overwrite. */
  readonly generation: string;
  /** Bytes. */
  readonly size: number;
  /** Last update, Unix milliseconds. */
  readonly updatedMs: number;
}

/** Key of a version: equal only for the same generation of the same URL. */
export function versionKey(file: Pick<FileVersion, 'url' | 'generation'>): string {
  return `${file.url}#${file.generation}`;
}

/** The newest version of each URL, ordered by URL. */
export function newestGenerations<T extends FileVersion>(files: Iterable<T>): T[] {
  const newest = new Map<string, T>();
  for (const file of files) {
    const current = newest.get(file.url);
    if (!current || isNewer(file, current)) newest.set(file.url, file);
  }
  return [...newest.values()].sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0));
}

/** Whether `file` was written after `than`, another version of the same URL. */
export function isNewer(file: Pick<FileVersion, 'generation'>, than: Pick<FileVersion, 'generation'>): boolean {
  return BigInt(file.generation) > BigInt(than.generation);
}
