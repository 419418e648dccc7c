import { createHash } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import { invalid } from '../errors';
import type { ExpectedHashes } from './records';

/** Computes both hashes that the service keeps of contents, chunk by chunk. */
export class ContentDigest {
  private readonly md5 = createHash('md5');
  private crc = 0;
  private bytes = 0;

  update(chunk: Buffer): void {
    this.md5.update(chunk);
    this.crc = crc32c(chunk, this.crc);
    this.bytes += chunk.length;
  }

  get size(): number {
    return this.bytes;
  }

  /** Size and hashes in Base64; call it once. */
  finish(): { size: number; crc32c: string; md5Hash: string } {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.crc >>> 0);
    return { size: this.size, crc32c: crc.toString('base64'), md5Hash: this.md5.digest('base64') };
  }
}

/** Compares the hashes of contents with those that the client sent. @throws ApiError 400 */
export function verifyHashes(expected: ExpectedHashes, actual: { crc32c: string; md5Hash?: string }): void {
  if (expected.md5Hash !== undefined && actual.md5Hash !== undefined && expected.md5Hash !== actual.md5Hash)
    throw invalid(`Provided MD5 hash "${expected.md5Hash}" doesn't match calculated MD5 hash "${actual.md5Hash}".`);
  if (expected.crc32c !== undefined && expected.crc32c !== actual.crc32c)
    throw invalid(`Provided CRC32C "${expected.crc32c}" doesn't match calculated CRC32C "${actual.crc32c}".`);
}
