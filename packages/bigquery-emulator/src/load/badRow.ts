import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Database } from '../database';
import { unreadable } from './badRecords';
import { isOwnFault, reasonOf } from './fileError';

/** A file of a load job, and the number of its rows among the canonical rows. */
export interface SourceRows {
  readonly uri: string;
  readonly rows: number;
}

/** Canonical rows, with the SELECT that reads a file of them. */
interface CanonicalFile {
  readonly path: string;
  readonly sources: readonly SourceRows[];
  select(path: string): string;
}

/**
 * The error of the file whose row DuckDB cannot convert. The readers check each row, so this is for values that they
 * accepted by mistake.
 *
 * @returns the error itself when it is not about a row.
 */
export async function badRowError(database: Database, file: CanonicalFile, error: unknown): Promise<unknown> {
  if (isOwnFault(error)) return error;
  const probe = `${file.path}.probe`;
  const converts = async (rows: readonly string[]): Promise<boolean> => {
    await writeFile(probe, rows.map((row) => `${row}\n`).join(''));
    return isSelectable(database, file.select(probe));
  };
  try {
    const lines = createInterface({ input: createReadStream(file.path), crlfDelay: Number.POSITIVE_INFINITY });
    const rows = lines[Symbol.asyncIterator]();
    for (const { uri, rows: count } of file.sources) {
      let part: string[] = [];
      for (let place = 0; place < count; place++) part.push((await rows.next()).value ?? '');
      if (await converts(part)) continue;
      let before = 0;
      while (part.length > 1) {
        const half = part.slice(0, Math.ceil(part.length / 2));
        if (await converts(half)) {
          before += half.length;
          part = part.slice(half.length);
        } else part = half;
      }
      return unreadable(uri, `Error in row ${before + 1}: ${reasonOf(error).replaceAll(file.path, uri)}`);
    }
  } finally {
    await rm(probe, { force: true });
  }
  return error;
}

/** Whether DuckDB can compute all rows of a SELECT. */
export async function isSelectable(database: Database, select: string): Promise<boolean> {
  return database.use(async (connection) => {
    try {
      await connection.run(`CREATE OR REPLACE TEMP TABLE "_probe" AS ${select}`);
      return true;
    } catch (error) {
      if (isOwnFault(error)) throw error;
      return false;
    } finally {
      await connection.run('DROP TABLE IF EXISTS temp."_probe"');
    }
  });
}
