import type { Config } from '../config/config';
import { hash } from '../windows/hash';

/** The setting that the URLs of the ledger depend on. */
export type LedgerSettings = Pick<Config, 'ledgerUrl'>;

/** Folder of all entries of a destination table. */
export function tableFolder(config: LedgerSettings, dest: string): string {
  return `${config.ledgerUrl}/${dest}`;
}

/** Folder of the entries of one rule in one window, or of one single file. */
export function entryFolder(config: LedgerSettings, dest: string, workflowId: string, ruleId: string): string {
  return `${tableFolder(config, dest)}/${workflowId}/${hash(ruleId)}`;
}

/** URL of an entry. @param number from 1 */
export function entryUrl(folder: string, number: number): string {
  return `${folder}/${String(number).padStart(5, '0')}.json`;
}

/** Number of an entry within its folder. */
export function entryNumber(url: string): number {
  return Number.parseInt(url.slice(url.lastIndexOf('/') + 1), 10);
}

/** Workflow and folder of an entry; undefined for any other object of the table's folder, such as spilled files. */
export function entryPlace(table: string, url: string): { workflowId: string; folder: string } | undefined {
  const [workflowId = '', rule = '', name = '', ...deeper] = url.slice(table.length + 1).split('/');
  if (deeper.length > 0 || !name.endsWith('.json')) return undefined;
  return { workflowId, folder: `${table}/${workflowId}/${rule}` };
}

/** URL of the record that a step of an entry's process has succeeded. */
export function stepRecordUrl(entry: string, key: string): string {
  return `${entry.replace(/\.json$/, '')}/steps/${key}.json`;
}

/** URL of an object with some of the files of an entry. */
export function remainderUrl(entry: string, name: string): string {
  return `${entry.replace(/\.json$/, '')}/${name}.json`;
}

/** URL of files that a window has spilled. */
export function spilledFilesUrl(folder: string, name: string): string {
  return `${folder}/gathered/${name}.json`;
}
