import { newFailure } from '../../failures';
import { parseRecords } from '../../journal/badFileRecord';
import { remainderUrl } from '../../ledger/urls';
import { type BatchFiles, batchFilesOf } from '../../plan/batch';
import { ledgerTargetOf } from '../../plan/replayed/recoverySteps';
import type { LoadStep } from '../../plan/steps';
import type { Dependencies } from '../dependencies';

/** The batch and its bad files. */
export interface RemainingInput {
  readonly files: BatchFiles;
  /** URLs of the records of the quarantined files. */
  readonly records: readonly string[];
  /** Unique name within the batch: the next job's ID, or a purpose. */
  readonly name: string;
  /** The step that failed, when the remaining files are loaded again: its ledger entry names the job before that is submitted. */
  readonly step?: LoadStep;
}

/**
 * The files without the quarantined ones, written beside their ledger entry. Nothing is written when none remain.
 *
 * @returns files of which `count` may be 0.
 * @throws ApplicationFailure `LedgerMissing` when the entry or a record was deleted
 */
export async function remainingFiles(deps: Dependencies, input: RemainingInput): Promise<BatchFiles> {
  const { files, records, name, step } = input;
  const { from = 0, count } = files;
  const entry = await deps.ledger.read(files.entry);
  const bad = new Set((await Promise.all(records.map((url) => badFilesIn(deps, url)))).flat());
  const remaining = entry.files.slice(from, from + count).filter(({ url }) => !bad.has(url));
  const target = step && ledgerTargetOf(step);
  const url = remainderUrl(target?.entry ?? files.entry, name);
  if (remaining.length > 0) await deps.ledger.writeRemainder(url, { ...entry, files: remaining }, name, target);
  return batchFilesOf(url, remaining);
}

async function badFilesIn(deps: Dependencies, url: string): Promise<string[]> {
  const text = await deps.objects.read(url);
  if (text === undefined) throw newFailure('LedgerMissing', `${url}: the record of bad files is gone`);
  return parseRecords(text, url).map(({ file }) => file);
}
