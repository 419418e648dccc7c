/** Version of a file: the same name with another generation is another file. */
export interface FileVersion {
  /** `gs://bucket/name`. */
  readonly url: string;
  /** Decimal; grows with each overwrite. */
  readonly generation: string;
  /** Bytes. */
  readonly size: number;
  /** Last update, Unix milliseconds. */
  readonly updatedMs: number;
}

/** Text that is equal for the same version of the same file only. */
export function versionKey(file: Pick<FileVersion, 'url' | 'generation'>): string {
  return `${file.url}#${file.generation}`;
}

/** One entry a URL, the newest generation, ordered by URL. */
export function newestGenerations<T extends FileVersion>(files: Iterable<T>): T[] {
  const newest = new Map<string, T>();
  for (const file of files) {
    const known = newest.get(file.url);
    if (!known || isNewer(file, known)) newest.set(file.url, file);
  }
  return [...newest.values()].sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0));
}

/** Whether a version replaced another of the same file. */
export function isNewer(file: Pick<FileVersion, 'generation'>, than: Pick<FileVersion, 'generation'>): boolean {
  return BigInt(file.generation) > BigInt(than.generation);
}
