import { newFailure } from '../../failures';
import { batchInfoFile, runningProcessFile, windowFile } from '../../journal/names';
import { type ProcessFields, processFields, type WindowFields, windowFields } from '../../journal/processFile';
import { isObject } from '../../json';
import type { Plan } from '../../plan/plan';
import type { LoadStep } from '../../plan/steps';
import type { Action, JsonObject } from '../../rules/types';
import type { WindowTimes } from '../../windows/windowIdentity';
import type { Dependencies } from '../dependencies';

/** The window of a process, as its process file describes it. */
export type JournalWindow = WindowTimes & { readonly id: string };

/** Writes the `.run` file, just before the load is submitted, and the info file of the window. */
export async function writeProcessFile(
  deps: Dependencies,
  plan: Plan,
  window: JournalWindow | undefined,
): Promise<void> {
  const { config, objects } = deps;
  const content = { ...(await processContent(deps, plan, window)), Status: 'ok' };
  const info = window && batchInfoFile(config, plan.process.eventId);
  await Promise.all([
    objects.write(runningProcessFile(config, plan.process), JSON.stringify(content)),
    info && objects.write(info, JSON.stringify(content.Window)),
  ]);
}

/** Fields of a process file, except the status. */
export interface ProcessContent extends ProcessFields {
  readonly Window?: WindowFields;
  readonly Group: { readonly URL: string; readonly Data: number } | null;
  readonly load: JsonObject;
  readonly Actions: { readonly OnSuccess: readonly Action[]; readonly OnFailure: readonly Action[] };
}

/** Content of a process file, except the status. */
export async function processContent(
  deps: Dependencies,
  plan: Plan,
  window: JournalWindow | undefined,
): Promise<ProcessContent> {
  const { config } = deps;
  const { process } = plan;
  const { files } = await deps.ledger.read(firstLoad(plan).files.entry);
  const fields = processFields(config, process);
  const { load } = firstLoad(plan).job.configuration;
  return {
    ...fields,
    TempTable: plan.tempTable || undefined,
    Window: window && windowFields(fields, windowFile(config, window.id, process.async), window, files),
    Group: process.groupUrl ? { URL: process.groupUrl, Data: Number(process.params['GroupID']) } : null,
    load: { ...(isObject(load) ? load : {}), sourceUris: files.map((file) => file.url) },
    Actions: { OnSuccess: plan.actions.onSuccess, OnFailure: plan.actions.onFailure },
  };
}

/** The load job that the journal describes: the others of a big batch load the same table in the same way. */
export function firstLoad(plan: Plan): LoadStep {
  const [[first] = []] = plan.load;
  if (first) return first;
  throw newFailure('LoadFailed', `${plan.ruleId}: the plan loads nothing`);
}
