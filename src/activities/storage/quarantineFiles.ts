import { type BadFileRecord, badFilesOfJob, formatRecords, parseRecords } from '../../journal/badFileRecord';
import { ObjectExistsError } from '../../objects/objectStore';
import { joinUrl, parseObjectUrl } from '../../objects/objectUrl';
import { changeFailure } from '../../passingFailure';
import type { BadFile } from '../../plan/recovery/badFiles';
import type { FailedLoad, Recovery } from '../../plan/recovery/failedLoad';
import { NONE_REJECTED } from '../../plan/recovery/rejected';
import type { Rule } from '../../rules/types';
import type { FileVersion } from '../../windows/fileVersion';
import type { Dependencies } from '../dependencies';

/**
 * Quarantines bad files: records them and moves them below CorruptedFileURL or InvalidSchemaURL with their whole path. Only the
 * generation that was loaded is moved: a repaired file of the same name stays and is loaded by its own event.
 *
 * @throws ApplicationFailure `Unavailable` when a file cannot be moved
 */
export async function quarantineFiles(
  deps: Dependencies,
  failed: FailedLoad,
  rule: Rule,
  bad: readonly BadFile[],
  sources: ReadonlyMap<string, FileVersion>,
): Promise<Recovery> {
  if (bad.length === 0) return { rejected: NONE_REJECTED };
  const url = badFilesOfJob(deps.config, failed.batch.process, failed.jobId);
  const records = await writeRecords(
    deps,
    url,
    bad.map((file) => recordOf(deps, failed, rule, file, sources)),
  );
  const moves = records.flatMap(({ file, generation, movedTo }) =>
    movedTo === undefined ? [] : [{ kind: 'move' as const, from: file, to: movedTo, generation }],
  );
  const open = (await deps.objects.change(moves)).find(({ error }) => error);
  if (open?.error) throw changeFailure(open.error, 'moving bad files');
  for (const record of records) deps.log(`${record.dest}: bad file ${record.file}`, { severity: 'WARNING', ...record });
  const count = (kind: BadFileRecord['class']) => records.filter((record) => record.class === kind).length;
  return {
    record: url,
    rejected: {
      corrupted: count('corrupted'),
      invalidSchema: count('invalidSchema'),
      missing: count('missing'),
    },
  };
}

/** Writes the records once. @returns those of the first attempt */
async function writeRecords(
  deps: Dependencies,
  url: string,
  records: readonly BadFileRecord[],
): Promise<readonly BadFileRecord[]> {
  try {
    await deps.objects.write(url, formatRecords(records), { ifAbsent: true });
    return records;
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error;
  }
  const text = await deps.objects.read(url);
  return text === undefined ? records : parseRecords(text, url);
}

function recordOf(
  { config }: Dependencies,
  { batch, jobId, workflowId }: FailedLoad,
  rule: Rule,
  { url, ...facts }: BadFile,
  sources: ReadonlyMap<string, FileVersion>,
): BadFileRecord {
  const folder =
    facts.class === 'corrupted'
      ? (rule.corruptedFileUrl ?? config.corruptedFileUrl)
      : (rule.invalidSchemaUrl ?? config.invalidSchemaUrl);
  return {
    file: url,
    generation: sources.get(url)?.generation ?? '',
    ...facts,
    firstSeen: new Date().toISOString(),
    movedTo: facts.class === 'missing' ? undefined : joinUrl(folder, parseObjectUrl(url).name),
    dest: batch.process.dest,
    ruleId: batch.ruleId,
    eventId: batch.process.eventId,
    workflowId,
    jobId,
  };
}
