import { createInterface } from 'node:readline';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Lines of a stream, unzipped when it begins as gzip does. The source is closed when the reader stops early.
 *
 * @throws what the source or the unzipping throws.
 */
export async function* linesOf(source: Readable): AsyncIterable<string> {
  let failure: Error | undefined;
  const plain = new PassThrough();
  const ended = (error: Error | null | undefined) => {
    if (!error) return;
    failure = error;
    plain.destroy(error);
  };
  source.once('error', ended);
  source.once('end', () => plain.end());
  source.once('readable', () => {
    const start: Buffer | null = source.read(GZIP_MAGIC.length);
    if (start) source.unshift(start);
    if (start && GZIP_MAGIC.every((byte, at) => start[at] === byte)) {
      pipeline(source, createGunzip(), plain, (error) => ended(error));
    } else pipeline(source, plain, (error) => ended(error));
  });
  const reader = createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of reader) yield line;
    if (failure) throw failure;
  } finally {
    reader.close();
    source.destroy();
    plain.destroy();
  }
}
