import { errorFile, failedResponseFile, givenUpProcessFile, windowFile } from '../../journal/names';
import { processFields, windowFields } from '../../journal/processFile';
import type { SealInput } from '../../plan/sealInput';
import { sourceDate, sourceHour } from '../../rules/destination';
import { expandText } from '../../rules/variables';
import type { FileEvent } from '../../windows/fileEvent';
import { newestGenerations } from '../../windows/fileVersion';
import type { Process } from '../../windows/process';
import type { EndedProcess } from '../batch/endedProcess';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';
import type { JournalWindow } from './processFiles';
import { readSpilledFiles } from './spillFiles';

/** What the log tells of it. */
export interface UnsealedResponse extends Readonly<Record<string, unknown>> {
  readonly DestTable: string;
  readonly Error: string;
}

/**
 * Writes what tells of a process that failed before it had a batch: `.err`, `.rsp` and a process file that names its files, to
 * be replayed. Nothing else is open then.
 *
 * @returns the response, to be logged when all is closed; none for a process of another kind.
 */
export async function closeUnsealed(
  { unsealed, error }: EndedProcess,
  window: JournalWindow | undefined,
  deps: Dependencies,
): Promise<readonly UnsealedResponse[]> {
  if (!unsealed || !error) return [];
  const { config, objects } = deps;
  const process = await unsealedProcess(unsealed, deps);
  const files = await filesOf(unsealed, deps);
  const runner = window ? { BatchRunner: true, WindowID: window.id } : {};
  const failure = { Status: 'error', Error: error.message };
  const response = { ...failure, EventID: process.eventId, DestTable: process.dest, ...runner };
  const fields = processFields(config, process);
  const urls = files?.map(({ url }) => url);
  const content = {
    ...fields,
    ...(window ? { Window: windowFields(fields, windowFile(config, window.id, process.async), window, files) } : {}),
    load: { sourceUris: urls },
    ...failure,
  };
  await Promise.all([
    objects.write(errorFile(config, process), error.message),
    objects.write(failedResponseFile(config, process), JSON.stringify({ ...response, Files: urls?.length })),
    ...(files ? [objects.write(givenUpProcessFile(config, process), JSON.stringify(content))] : []),
  ]);
  return [{ severity: 'ERROR', ...response }];
}

/** The process, as far as it is known without its rule. */
async function unsealedProcess(
  { dest, owner, ruleId, startedMs, group }: SealInput,
  deps: Dependencies,
): Promise<Process> {
  const { url: ruleUrl, async } = await ruleFacts(deps, ruleId);
  const params = {
    Date: sourceDate(owner.updatedMs),
    Hour: sourceHour(owner.updatedMs),
    EventID: owner.eventId,
    ...(group ? { GroupID: group.groupId } : {}),
  };
  const { projectId } = deps.config;
  const source = { url: owner.url, updatedMs: owner.updatedMs };
  return {
    dest: expandText(dest, params),
    eventId: owner.eventId,
    startedMs,
    source,
    ruleUrl,
    async,
    projectId,
    params,
    stepCount: 0,
  };
}

/** Files announced; undefined when an attempt before has put them into the process file, and those put aside are gone. */
async function filesOf({ files, spilled }: SealInput, deps: Dependencies): Promise<readonly FileEvent[] | undefined> {
  const read = await Promise.all(spilled.map(({ url }) => deps.objects.read(url)));
  if (read.includes(undefined)) return undefined;
  return newestGenerations([...(await readSpilledFiles(spilled, deps)), ...files]);
}
