import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Lines of a stream; gzip data are unzipped. The source is closed when the reader stops early.
 *
 * @throws the error of the source or of the unzipping
 */
export async function* linesOf(source: Readable): AsyncIterable<string> {
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  try {
    const start = await startOf(chunks);
    const whole = Readable.from(following(start, chunks));
    const zipped = GZIP_MAGIC.every((byte, at) => start[at] === byte);
    // The last stream of the pipeline throws its errors.
    const plain = zipped ? pipeline(whole, createGunzip(), () => {}) : whole;
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of plain) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    source.destroy();
  }
}

async function startOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start = Buffer.alloc(0);
  while (start.length < GZIP_MAGIC.length) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  return start;
}

async function* following(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
