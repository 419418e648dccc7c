import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { invalid } from '../errors';

/** One part of a multipart body. Read its contents before you request the next part. */
export interface Part {
  /** Headers by name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly content: AsyncIterable<Buffer>;
}

/**
 * The parts of a multipart body as they arrive. Contents are not buffered: the sender has to wait for the reader.
 *
 * @example for await (const part of partsOf(request)) await text(part.content)
 */
export async function* partsOf(request: IncomingMessage): AsyncGenerator<Part> {
  const boundary = boundaryOf(request.headers['content-type']);
  const parts: Part[] = [];
  let current: Readable | undefined;
  let ended = false;
  let failure: Error | undefined;
  let wake = () => {};
  const end = (error?: Error) => {
    ended = true;
    failure ??= error;
    if (error !== undefined) current?.destroy(error);
    wake();
  };
  const dicer = new Dicer({ boundary });
  dicer.on('part', (content) => {
    current = content;
    // An error reaches the reader of the part. Without a reader it fails the whole body.
    content.on('error', end);
    content.on('header', (header) => {
      parts.push({ headers: headersOf(header), content: contentOf(content) });
      wake();
    });
  });
  dicer.on('finish', () => end());
  dicer.on('error', () => end(invalid('Malformed multipart body.')));
  request.on('error', end);
  request.on('close', () => {
    if (!request.complete) end(new Error('The connection broke off'));
  });
  request.pipe(dicer);

  try {
    for (;;) {
      const part = parts.shift();
      if (part !== undefined) yield part;
      else if (failure !== undefined) throw failure;
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    request.unpipe(dicer);
    request.resume();
  }
}

/** The boundary in a multipart content type. @throws ApiError 400 without one. */
export function boundaryOf(contentType: string | undefined): string {
  const [, quoted, plain] = /^multipart\/.*;\s*boundary=(?:"([^"]+)"|([^;]+))/is.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain?.trim();
  if (boundary === undefined) throw invalid('Missing boundary in the Content-Type of a multipart body.');
  return boundary;
}

async function* contentOf(part: Readable): AsyncGenerator<Buffer> {
  try {
    yield* part;
  } catch {
    throw invalid('Malformed multipart body.');
  }
}

function headersOf(header: object): Map<string, string> {
  return new Map(Object.entries(header).map(([name, values]) => [name.toLowerCase(), String(values)]));
}
