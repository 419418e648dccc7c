import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Fragment } from './scalars';

const PART = 256 * 1024;

/** Writes canonical rows to a file of newline-delimited JSON, which DuckDB reads at once (`selectCanonical`). */
export class RowSink {
  private readonly stream: WriteStream;
  private text = '';
  private blocked = false;
  private failure: Error | undefined;
  rows = 0;
  /** Logical bytes of all rows. */
  bytes = 0;
  /** Length of the longest row's JSON in bytes. */
  longest = 0;

  constructor(readonly path: string) {
    this.stream = createWriteStream(path);
    // Reported by the next `drained` or `end`: without a listener, the error would end the process.
    this.stream.on('error', (error) => {
      this.failure ??= error;
    });
  }

  add(row: Fragment): void {
    this.text += `${row.json}\n`;
    this.rows++;
    this.bytes += row.bytes;
    this.longest = Math.max(this.longest, Buffer.byteLength(row.json));
    if (this.text.length > PART) this.flush();
  }

  /** Waits until the file accepts more rows. @throws Error when it cannot be written. */
  async drained(): Promise<void> {
    if (this.failure) throw this.failure;
    if (!this.blocked) return;
    await once(this.stream, 'drain');
    this.blocked = false;
  }

  /** Writes the last rows and closes the file. @throws Error when it cannot be written. */
  async end(): Promise<void> {
    if (this.failure) throw this.failure;
    this.flush();
    this.stream.end();
    await finished(this.stream);
  }

  /** Deletes the file. */
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
