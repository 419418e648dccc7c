import { newFailure } from '../../failures';
import type { JobError } from '../../plan/job';
import type { BadFile } from '../../plan/recovery/badFiles';
import { diagnose } from '../../plan/recovery/diagnosis';
import type { FailedLoad, Recovery } from '../../plan/recovery/failedLoad';
import { NONE_REJECTED } from '../../plan/recovery/rejected';
import type { LoadStep } from '../../plan/steps';
import type { Rule } from '../../rules/types';
import type { FileVersion } from '../../windows/fileVersion';
import { folderOf } from '../../windows/folder';
import { toFailure } from '../bigquery/bigQueryErrors';
import { addMissingFields } from '../bigquery/fieldAddition';
import type { Dependencies } from '../dependencies';
import { quarantineFiles } from '../storage/quarantineFiles';
import { ruleOf } from './ruleOf';

/**
 * Recovers from a failed load job: finds the bad files in its errors, then adds the columns that they have and the tables lack,
 * or records and quarantines them. May be repeated: the record is written first, and later attempts quarantine the files in it.
 *
 * @throws ApplicationFailure `Unavailable` when a file cannot be moved
 */
export async function recoverLoad(deps: Dependencies, failed: FailedLoad): Promise<Recovery> {
  const { step, jobId, batch } = failed;
  const { projectId, location } = step.job;
  const [rule, job, files] = await Promise.all([
    ruleOf(deps, batch.ruleId),
    deps.bigQuery.getJob(projectId, jobId, location).catch((error: unknown) => {
      throw toFailure(error, `reading job ${jobId}`);
    }),
    filesOf(deps, step),
  ]);
  const error = job?.status.errorResult;
  if (!error) throw newFailure('Unavailable', `job ${jobId} has no error`);
  const sources = new Map(files.map((file) => [file.url, file]));
  const diagnosis = diagnose({ ...error, errors: job.status.errors ?? [error] }, (url) => sources.has(url));
  if (diagnosis.kind !== 'badFiles') return { permanent: true, rejected: NONE_REJECTED };
  return handleBadFiles(deps, failed, rule, diagnosis.files, sources);
}

/** Cures or quarantines bad files. */
export async function handleBadFiles(
  deps: Dependencies,
  failed: FailedLoad,
  rule: Rule,
  named: readonly BadFile[],
  sources: ReadonlyMap<string, FileVersion>,
): Promise<Recovery> {
  const addition = await addMissingFields(deps, failed, rule, named);
  const bad = named.filter(({ url }) => !addition.cured.has(url));
  const all = bad.some((file) => file.class === 'missing') ? await withAllMissing(deps, bad, sources) : bad;
  const recovery = await quarantineFiles(deps, failed, rule, all, sources);
  return { ...recovery, widened: addition.step };
}

/** The files of a step. */
export async function filesOf(deps: Dependencies, { files }: Pick<LoadStep, 'files'>): Promise<readonly FileVersion[]> {
  const { from = 0, count } = files;
  return (await deps.ledger.read(files.entry)).files.slice(from, from + count);
}

/** A job names only one missing file. Listing finds the others. */
async function withAllMissing(
  deps: Dependencies,
  bad: readonly BadFile[],
  sources: ReadonlyMap<string, FileVersion>,
): Promise<readonly BadFile[]> {
  const folders = [...new Set([...sources.keys()].map(folderOf))];
  const listed = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  const existing = new Set(listed.flat().map(({ url }) => url));
  const named = new Set(bad.map(({ url }) => url));
  const others = [...sources.keys()].filter((url) => !existing.has(url) && !named.has(url));
  return [...bad, ...others.map((url): BadFile => ({ url, class: 'missing', ...notFound(url) }))];
}

function notFound(url: string): Pick<JobError, 'reason' | 'message'> {
  return { reason: 'notFound', message: `Not found: URI ${url}` };
}
