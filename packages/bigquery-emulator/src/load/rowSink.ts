import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Fragment } from './scalars';

const PART = 256 * 1024;

/** Gathers canonical rows in a file of newline-delimited JSON that DuckDB then reads in one go. */
export class RowSink {
  private readonly stream: WriteStream;
  private text = '';
  private blocked = false;
  rows = 0;
  bytes = 0;
  /** Bytes of the longest row's text. */
  longest = 0;

  constructor(readonly path: string) {
    this.stream = createWriteStream(path);
  }

  add(row: Fragment): void {
    this.text += `${row.json}\n`;
    this.rows++;
    this.bytes += row.bytes;
    this.longest = Math.max(this.longest, Buffer.byteLength(row.json));
    if (this.text.length > PART) this.flush();
  }

  /** Resolves when the disk has caught up. */
  async drained(): Promise<void> {
    if (!this.blocked) return;
    await once(this.stream, 'drain');
    this.blocked = false;
  }

  async end(): Promise<void> {
    this.flush();
    this.stream.end();
    await finished(this.stream);
  }

  async discard(): Promise<void> {
    this.stream.destroy();
    await rm(this.path, { force: true });
  }

  private flush(): void {
    if (this.text === '') return;
    this.blocked = !this.stream.write(this.text);
    this.text = '';
  }
}
