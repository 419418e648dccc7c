/** Bucket and name of an object in Cloud Storage. */
export interface ObjectName {
  readonly bucket: string;
  readonly name: string;
}

/**
 * Splits `gs://bucket/name`.
 *
 * @throws Error when the text is not a `gs://` URL
 */
export function parseObjectUrl(url: string): ObjectName {
  const match = /^gs:\/\/([^/]+)\/?(.*)$/s.exec(url);
  if (!match?.[1]) throw new Error(`not a gs:// URL: ${url}`);
  return { bucket: match[1], name: match[2] ?? '' };
}

/** `gs://bucket/name`. */
export function objectUrl(bucket: string, name: string): string {
  return `gs://${bucket}/${name}`;
}

/** Joins a path to a URL with one slash. Slashes at the ends of `path` are dropped. */
export function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+|\/+$/g, '')}`;
}
