import { Storage } from '@google-cloud/storage';
import Table from 'cli-table3';
import type { BadFileRecord } from '../journal/badFileRecord';
import { CloudStorage } from '../objects/cloudStorage';
import { badFileRecords } from '../operator/badFiles';
import { readConfig } from './readConfig';

/** Options of `bqtail files`. */
export interface FilesOptions {
  readonly config?: string;
  readonly dest?: string;
  /** Unix milliseconds. */
  readonly since?: number;
  readonly output: 'text' | 'json' | 'jsonl';
}

/** `bqtail files --bad`: lists quarantined files, with what is wrong with them and where they are now. */
export async function files({ config: source, dest, since, output }: FilesOptions): Promise<void> {
  const config = await readConfig(source);
  const objects = new CloudStorage(new Storage({ projectId: config.projectId }));
  const records = await badFileRecords(config, { dest, sinceMs: since }, objects);
  process.stdout.write(FORMATS[output](records));
}

const FORMATS: Readonly<Record<FilesOptions['output'], (records: readonly BadFileRecord[]) => string>> = {
  json: (records) => `${JSON.stringify(records)}\n`,
  jsonl: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  text: (records) => (records.length === 0 ? 'no bad files\n' : `${table(records)}\n`),
};

function table(records: readonly BadFileRecord[]): string {
  const drawn = new Table({
    head: ['first seen', 'class', 'file', 'row', 'column', 'message', 'moved to'],
    style: { head: [], border: [] },
  });
  for (const { firstSeen, class: kind, file, row = '', column = '', message, movedTo = '' } of records) {
    drawn.push([firstSeen, kind, file, row, column, message, movedTo]);
  }
  return drawn.toString();
}
