import { inflateRawSync } from 'node:zlib';
import avro from 'avsc';
import { uncompress } from 'snappyjs';

/** The reason why an Avro file cannot be read, in the words of the Avro library that the service uses. */
export class AvroError extends Error {}

/** A block of records, decompressed. */
export interface AvroBlock {
  readonly count: number;
  readonly data: Buffer;
}

/** An Avro object container file: its schema and its blocks. */
export interface AvroContainer {
  readonly schema: unknown;
  readonly blocks: Iterable<AvroBlock>;
}

export const MAGIC = Buffer.from('Obj\u0001', 'latin1');
export const SYNC_LENGTH = 16;

/** Metadata and sync marker, after the magic bytes. */
export const containerHeader = avro.Type.forSchema({
  type: 'record',
  name: 'Header',
  fields: [
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'Sync', size: SYNC_LENGTH } },
  ],
});
/** Counts and sizes of blocks. */
export const containerLong = avro.Type.forSchema('long');

const CODECS: Record<string, (data: Buffer) => Buffer> = {
  null: (data) => data,
  deflate: (data) => inflateRawSync(data),
  // The last four bytes are a checksum.
  snappy: (data) => uncompress(data.subarray(0, -4)),
};

/**
 * Opens a container file. It reads the block headers itself, because the Avro library accepts a truncated file.
 *
 * @throws AvroError when the file is invalid, also during the iteration of the blocks.
 */
export function openContainer(file: Buffer): AvroContainer {
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new AvroError(
      'The Apache Avro library failed to parse the header with the following error: Invalid data file. Magic does not match',
    );
  }
  const { value, offset } = containerHeader.decode(file, MAGIC.length);
  if (offset < 0) throw truncated();
  const meta: Record<string, Buffer> = value.meta;
  const codec = meta['avro.codec']?.toString() ?? 'null';
  const decompress = CODECS[codec];
  if (!decompress) {
    throw new AvroError(
      `The Apache Avro library failed to parse the header with the following error: Unknown codec: ${codec}`,
    );
  }
  const schema: unknown = JSON.parse(meta['avro.schema']?.toString() ?? 'null');
  return { schema, blocks: blocksOf(file, offset, value.sync, decompress) };
}

function* blocksOf(
  file: Buffer,
  from: number,
  sync: Buffer,
  decompress: (data: Buffer) => Buffer,
): Generator<AvroBlock, void, void> {
  let position = from;
  while (position < file.length) {
    const count = numberAt(file, position);
    const size = numberAt(file, count.end);
    const end = size.end + size.value;
    if (end + SYNC_LENGTH > file.length) throw truncated();
    if (!file.subarray(end, end + SYNC_LENGTH).equals(sync)) {
      throw new AvroError('The Apache Avro library failed to read data with the following error: Sync mismatch');
    }
    yield { count: count.value, data: decompressed(file.subarray(size.end, end), decompress) };
    position = end + SYNC_LENGTH;
  }
}

function numberAt(file: Buffer, position: number): { value: number; end: number } {
  const { value, offset } = containerLong.decode(file, position);
  if (offset < 0 || value < 0) throw truncated();
  return { value, end: offset };
}

function decompressed(data: Buffer, decompress: (data: Buffer) => Buffer): Buffer {
  try {
    return decompress(data);
  } catch {
    throw new AvroError(
      'The Apache Avro library failed to read data with the following error: Error decompressing block',
    );
  }
}

function truncated(): AvroError {
  return new AvroError('The Apache Avro library failed to read data with the following error: EOF reached');
}
