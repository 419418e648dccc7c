/** Folder of a file without its final slash; the root of a bucket keeps it: `gs://bucket/`. */
export function folderOf(url: string): string {
  const folder = url.slice(0, url.lastIndexOf('/'));
  return /^[a-z0-9]+:\/\/[^/]*$/i.test(folder) ? `${folder}/` : folder;
}
