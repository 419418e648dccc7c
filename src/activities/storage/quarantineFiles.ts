import { newFailure } from '../../failures';
import { type BadFileRecord, badFilesOfJob, formatRecords, parseRecords } from '../../journal/badFileRecord';
import { ObjectExistsError } from '../../objects/objectStore';
import { joinUrl, parseObjectUrl } from '../../objects/objectUrl';
import type { BadFile } from '../../plan/recovery/badFiles';
import type { FailedLoad, Recovery } from '../../plan/recovery/failedLoad';
import { NONE_REJECTED } from '../../plan/recovery/rejected';
import type { Rule } from '../../rules/types';
import type { FileVersion } from '../../windows/fileVersion';
import type { Dependencies } from '../dependencies';

/**
 * Records bad files and moves them to where the rule or the configuration says, under their own path (spec 2, section 5.3).
 * Only the version that was loaded moves: a repaired file of the same name stays, to be loaded by its own event.
 *
 * @throws ApplicationFailure, to be retried, while a file cannot be moved.
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
  const records = await recorded(
    deps,
    url,
    bad.map((file) => recordOf(deps, failed, rule, file, sources)),
  );
  const moves = records.flatMap(({ file, generation, movedTo }) =>
    movedTo === undefined ? [] : [{ kind: 'move' as const, from: file, to: movedTo, generation }],
  );
  const open = (await deps.objects.change(moves)).find(({ error }) => error);
  if (open?.error) throw newFailure('Unavailable', `moving bad files: ${open.error.message}`);
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

/** The records, as an attempt before has written them if there was one. */
async function recorded(
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
  { url, ...told }: BadFile,
  sources: ReadonlyMap<string, FileVersion>,
): BadFileRecord {
  const folder =
    told.class === 'corrupted'
      ? (rule.corruptedFileUrl ?? config.corruptedFileUrl)
      : (rule.invalidSchemaUrl ?? config.invalidSchemaUrl);
  return {
    file: url,
    generation: sources.get(url)?.generation ?? '',
    ...told,
    firstSeen: new Date().toISOString(),
    ...(told.class === 'missing' ? {} : { movedTo: joinUrl(folder, parseObjectUrl(url).name) }),
    dest: batch.process.dest,
    ruleId: batch.ruleId,
    eventId: batch.process.eventId,
    workflowId,
    jobId,
  };
}
