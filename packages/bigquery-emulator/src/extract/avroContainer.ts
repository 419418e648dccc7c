import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '@node-rs/crc32';
import { compress } from 'snappyjs';
import { containerHeader, containerLong, MAGIC, SYNC_LENGTH } from '../load/avroContainer';

const CODECS: Record<string, (data: Buffer) => Buffer> = {
  null: (data) => data,
  deflate: (data) => deflateRawSync(data),
  snappy: (data) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(data));
    return Buffer.concat([compress(data), sum]);
  },
};

/** Writes an Avro object container file. The Avro library's own writer would remove logical types from the schema. */
export class AvroContainerWriter {
  private readonly sync = randomBytes(SYNC_LENGTH);
  private readonly compress: (data: Buffer) => Buffer;

  constructor(
    private readonly schema: object,
    private readonly codec: string,
  ) {
    const compressBlock = CODECS[codec];
    if (!compressBlock) throw new Error(`Unknown codec ${codec}`);
    this.compress = compressBlock;
  }

  /** The start of the file. */
  header(): Buffer {
    const meta = { 'avro.schema': Buffer.from(JSON.stringify(this.schema)), 'avro.codec': Buffer.from(this.codec) };
    return Buffer.concat([MAGIC, containerHeader.toBuffer({ meta, sync: this.sync })]);
  }

  /** A block of encoded records. */
  block(records: readonly Buffer[]): Buffer {
    const data = this.compress(Buffer.concat(records));
    return Buffer.concat([
      containerLong.toBuffer(records.length),
      containerLong.toBuffer(data.length),
      data,
      this.sync,
    ]);
  }
}
