/**
 * Folder of a file, without a final slash. Only the root of a bucket keeps the slash.
 *
 * @example folderOf('gs://b/x/a.json') // 'gs://b/x'
 * @example folderOf('gs://b/a.json') // 'gs://b/'
 */
export function folderOf(url: string): string {
  const folder = url.slice(0, url.lastIndexOf('/'));
  return /^[a-z0-9]+:\/\/[^/]*$/i.test(folder) ? `${folder}/` : folder;
}
