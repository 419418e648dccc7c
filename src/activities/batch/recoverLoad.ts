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
 * Does what a failed load job asks for (spec 2, section 5.3): reads off its errors which files are bad, records them, moves
 * them away, or adds the columns that they have and the tables lack. May be repeated: the record is written first and, once
 * written, says which files are meant.
 *
 * @throws ApplicationFailure, to be retried, while a file cannot be moved.
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
  if (!error) throw newFailure('Unavailable', `job ${jobId} does not tell why it failed`);
  const sources = new Map(files.map((file) => [file.url, file]));
  const diagnosis = diagnose({ ...error, errors: job.status.errors ?? [error] }, (url) => sources.has(url));
  if (diagnosis.kind !== 'badFiles') return { permanent: true, rejected: NONE_REJECTED };
  return handleBadFiles(deps, failed, rule, diagnosis.files, sources);
}

/** What to do about bad files that are known. */
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
  return { ...recovery, ...(addition.step ? { widened: addition.step } : {}) };
}

/** The files of a step. */
export async function filesOf(deps: Dependencies, { files }: Pick<LoadStep, 'files'>): Promise<readonly FileVersion[]> {
  const { from = 0, count } = files;
  return (await deps.ledger.read(files.entry)).files.slice(from, from + count);
}

/** A job names one missing file; the others are found by listing. */
async function withAllMissing(
  deps: Dependencies,
  bad: readonly BadFile[],
  sources: ReadonlyMap<string, FileVersion>,
): Promise<readonly BadFile[]> {
  const folders = [...new Set([...sources.keys()].map(folderOf))];
  const listed = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  const there = new Set(listed.flat().map(({ url }) => url));
  const known = new Set(bad.map(({ url }) => url));
  const found = [...sources.keys()].filter((url) => !there.has(url) && !known.has(url));
  return [...bad, ...found.map((url): BadFile => ({ url, class: 'missing', ...notFound(url) }))];
}

function notFound(url: string): Pick<JobError, 'reason' | 'message'> {
  return { reason: 'notFound', message: `Not found: URI ${url}` };
}
