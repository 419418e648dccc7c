import { errorFile, failedResponseFile, givenUpProcessFile, windowFile } from '../../journal/names';
import { processFields, windowFields } from '../../journal/processFile';
import type { SealInput } from '../../plan/sealInput';
import type { FileEvent } from '../../windows/fileEvent';
import { newestGenerations } from '../../windows/fileVersion';
import { processOf } from '../batch/process';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';
import { readSpilledFiles } from '../storage/spillFiles';
import type { JournalWindow } from './processFiles';

/** Log fields of a process that failed before it had a batch. */
export interface UnsealedResponse extends Readonly<Record<string, unknown>> {
  readonly DestTable: string;
  readonly Error: string;
}

/**
 * Closes the journal of a process that failed before its batch was sealed: writes the `.err` file, the `.rsp` file, and a process
 * file with the names of its files, which an operator can replay.
 *
 * @returns the fields to log once the whole journal is closed.
 */
export async function closeUnsealed(
  deps: Dependencies,
  unsealed: SealInput,
  message: string,
  window: JournalWindow | undefined,
): Promise<UnsealedResponse> {
  const { config, objects } = deps;
  const { dest, owner, ruleId, startedMs, group } = unsealed;
  const rule = await ruleFacts(deps, ruleId);
  const { projectId } = config;
  const process = processOf(config, { dest, owner, startedMs, rule, projectId, groupId: group?.groupId });
  const files = await filesOf(deps, unsealed);
  const failure = { Status: 'error', Error: message };
  const response = {
    ...failure,
    EventID: process.eventId,
    DestTable: process.dest,
    BatchRunner: window && true,
    WindowID: window?.id,
  };
  const fields = processFields(config, process);
  const urls = files?.map(({ url }) => url);
  const content = {
    ...fields,
    Window: window && windowFields(fields, windowFile(config, window.id, process.async), window, files),
    load: { sourceUris: urls },
    ...failure,
  };
  await Promise.all([
    objects.write(errorFile(config, process), message),
    objects.write(failedResponseFile(config, process), JSON.stringify({ ...response, Files: urls?.length })),
    files && objects.write(givenUpProcessFile(config, process), JSON.stringify(content)),
  ]);
  return { severity: 'ERROR', ...response };
}

/** The announced files; undefined when an earlier attempt has written the process file and the spilled files are deleted. */
async function filesOf(deps: Dependencies, { files, spilled }: SealInput): Promise<readonly FileEvent[] | undefined> {
  const texts = await Promise.all(spilled.map(({ url }) => deps.objects.read(url)));
  if (texts.includes(undefined)) return undefined;
  return newestGenerations([...(await readSpilledFiles(deps, spilled)), ...files]);
}
