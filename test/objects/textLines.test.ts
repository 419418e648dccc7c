import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { linesOf } from '../../src/objects/textLines';

/** A stream of a content in pieces. @param size bytes of a piece */
function streamOf(content: Buffer, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(content.length / size) }, (_piece, at) =>
    content.subarray(at * size, (at + 1) * size),
  );
  return Readable.from(pieces);
}

async function read(source: Readable): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(source)) lines.push(line);
  return lines;
}

const text = Buffer.from('{"a":"ä"}\n\n{"b":2}\nlast');
const lines = ['{"a":"ä"}', '', '{"b":2}', 'last'];

test.each([1, 3, 1000])(
  'lines are complete when the content arrives in pieces of %i bytes, gzip or not',
  async (size) => {
    expect(await read(streamOf(text, size))).toEqual(lines);
    expect(await read(streamOf(gzipSync(text), size))).toEqual(lines);
  },
);

test('an empty content has no lines, and the last line may end with a newline', async () => {
  expect(await read(streamOf(Buffer.alloc(0), 1))).toEqual([]);
  expect(await read(streamOf(Buffer.from('a\n'), 1))).toEqual(['a']);
});

test('a broken archive and a broken connection are errors', async () => {
  await expect(read(streamOf(gzipSync(text).subarray(0, 20), 7))).rejects.toThrow('unexpected end of file');
  const broken = new Readable({
    read() {
      this.destroy(new Error('reset'));
    },
  });
  await expect(read(broken)).rejects.toThrow('reset');
});

test('a reader that stops early closes the source', async () => {
  const source = streamOf(text, 4);
  for await (const line of linesOf(source)) {
    expect(line).toBe(lines[0]);
    break;
  }
  expect(source.destroyed).toBe(true);
});
