import { newFailure } from '../../failures';
import { parseRecords } from '../../journal/badFileRecord';
import { ledgerSubpart } from '../../journal/names';
import { type BatchFiles, batchFilesOf } from '../../plan/batch';
import { ledgerTargetOf } from '../../plan/replayed/recoverySteps';
import type { LoadStep } from '../../plan/steps';
import type { Dependencies } from '../dependencies';
import { announcing } from './settleBatch';

/** Files of which some were set aside. */
export interface RemainingInput {
  readonly files: BatchFiles;
  /** Records of what was set aside. */
  readonly records: readonly string[];
  /** Unlike any other of the batch: the job that will load what is left, or what else it is for. */
  readonly name: string;
  /** The step that failed: its ledger part is told of the job `name` before that one is submitted. */
  readonly step?: LoadStep;
}

/**
 * The files without those that were set aside, written beside the ledger part. Nothing is written when none are left.
 *
 * @returns files of which `count` may be 0.
 */
export async function remainingFiles(input: RemainingInput, deps: Dependencies): Promise<BatchFiles> {
  const { files, records, name, step } = input;
  const part = await deps.batchFiles.read(files.part);
  const { from = 0, count } = files;
  const aside = new Set((await Promise.all(records.map((url) => asideIn(url, deps)))).flat());
  const left = part.files.slice(from, from + count).filter(({ url }) => !aside.has(url));
  const mark = step ? ledgerTargetOf(step) : undefined;
  const url = ledgerSubpart(mark?.part ?? files.part, name);
  if (left.length > 0) {
    await deps.objects.write(url, JSON.stringify({ ...part, files: left }));
    deps.batchFiles.keep(url, { ...part, files: left });
    const [told] = mark ? await deps.objects.change([announcing(mark, name)]) : [];
    if (told?.error) throw newFailure('Unavailable', `ledger of ${name}: ${told.error.message}`);
  }
  return batchFilesOf(url, left);
}

async function asideIn(url: string, deps: Dependencies): Promise<string[]> {
  const text = await deps.objects.read(url);
  if (text === undefined) throw newFailure('LedgerMissing', `${url}: the record of bad files is gone`);
  return parseRecords(text, url).map(({ file }) => file);
}
