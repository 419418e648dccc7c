import { ApplicationFailure } from '@temporalio/common';
import { runningProcessFile, windowFile } from '../journal/names';
import { processFields, type WindowTimes, windowFields } from '../journal/processFile';
import type { LoadStep, Plan } from '../plan/steps';
import type { Dependencies } from './dependencies';

/** The window of a process, as its process file shows it. */
export type JournalWindow = WindowTimes & { readonly id: string };

/** Writes the `.run` file, just before the load is submitted (spec 1, section 5.6). */
export async function writeProcessFile(
  plan: Plan,
  window: JournalWindow | undefined,
  deps: Dependencies,
): Promise<void> {
  const content = { ...(await processContent(plan, window, deps)), Status: 'ok' };
  await deps.objects.write(runningProcessFile(deps.config, plan.process), JSON.stringify(content));
}

/** Content of a process file, but for how the process stands. */
export async function processContent(
  plan: Plan,
  window: JournalWindow | undefined,
  deps: Dependencies,
): Promise<Record<string, unknown>> {
  const { config } = deps;
  const { process } = plan;
  const { files } = await deps.batchFiles.read(firstLoad(plan).files.part);
  const fields = processFields(config, process);
  const { load } = firstLoad(plan).job.configuration;
  return {
    ...fields,
    ...(plan.tempTable ? { TempTable: plan.tempTable } : {}),
    ...(window ? { Window: windowFields(fields, windowFile(config, window.id, process.async), window, files) } : {}),
    Group: process.groupUrl ? { URL: process.groupUrl, Data: Number(process.params['GroupID']) } : null,
    load: { ...(typeof load === 'object' ? load : {}), sourceUris: files.map((file) => file.url) },
    Actions: { OnSuccess: plan.actions.onSuccess, OnFailure: plan.actions.onFailure },
  };
}

/** The load job that the journal shows; the others of a big batch load the same table in the same way. */
export function firstLoad(plan: Plan): LoadStep {
  const [[first] = []] = plan.load;
  if (first) return first;
  throw ApplicationFailure.nonRetryable(`${plan.ruleId}: the plan loads nothing`, 'LoadFailed');
}
