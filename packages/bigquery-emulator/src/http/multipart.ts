import { invalid } from '../errors';

/** The contents of a `multipart/related` body's parts, without their headers. */
export function partsOf(contentType: string | undefined, body: Buffer): Buffer[] {
  const match = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '');
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) throw invalid('The Content-Type of a multipart upload names no boundary.');
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const from = start + delimiter.length;
    const end = body.indexOf(delimiter, from);
    if (end < 0) break;
    parts.push(contentOf(body.subarray(from, end)));
    start = end;
  }
  return parts;
}

/** Removes the line break after the boundary, the headers with their empty line, and the line break before the next one. */
function contentOf(part: Buffer): Buffer {
  const lines = /^[^\S\r\n]*\r?\n/.exec(part.subarray(0, 100).toString('latin1'))?.[0].length ?? 0;
  const rest = part.subarray(lines);
  const head = /^(?:[^\r\n]+\r?\n)*\r?\n/.exec(rest.subarray(0, 8192).toString('latin1'))?.[0].length ?? 0;
  const content = rest.subarray(head);
  const tail = content.at(-1) === 0x0a ? (content.at(-2) === 0x0d ? 2 : 1) : 0;
  return content.subarray(0, content.length - tail);
}
