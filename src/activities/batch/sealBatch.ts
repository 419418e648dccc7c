import { jobId } from '../../journal/jobId';
import type { BoundFiles } from '../../ledger/bindFiles';
import { type EntryOwner, type LedgerEntry, ownerOf } from '../../ledger/entry';
import { batchFilesOf, type SealedBatch } from '../../plan/batch';
import type { SealInput } from '../../plan/sealInput';
import { LOAD_STEP } from '../../plan/steps';
import type { Rule } from '../../rules/types';
import { type FileVersion, newestGenerations } from '../../windows/fileVersion';
import { chooseProject } from '../bigquery/chooseProject';
import type { Dependencies } from '../dependencies';
import { takenOver } from '../journal/rollOver';
import { markDue } from '../journal/windowFiles';
import { readSpilledFiles } from '../storage/spillFiles';
import { listWindow } from './listWindow';
import { loadVariants, type Variant } from './loadVariants';
import { processOfBatch } from './process';
import { ruleOf } from './ruleOf';

/**
 * Seals a batch: the announced files, plus unannounced files in their folders, minus files that are loaded already, and of these
 * the ones that one load may take together. Writes the
 * file that says that the window is due, and binds the batch to its load job in the ledger before that job exists.
 *
 * @returns null when nothing is left to load.
 * @throws ApplicationFailure `RuleMissing`
 */
export async function sealBatch(deps: Dependencies, input: SealInput): Promise<SealedBatch | null> {
  const { config, ledger } = deps;
  const { dest, startedMs, workflowId, resumedEntries = [], group } = input;
  const rule = await ruleOf(deps, input.ruleId);
  const announced = [...(await readSpilledFiles(deps, input.spilled)), ...input.files];
  const [listed, chosen] = await Promise.all([
    listWindow(deps, announced, input, rule),
    chooseProject(deps, rule),
    input.window && markDue(deps, input.window),
  ]);
  const draft = (owner: EntryOwner, files: readonly FileVersion[]): LedgerEntry => {
    const process = processOfBatch(config, rule, { dest, owner, startedMs, group, projectId: chosen.projectId });
    const { eventId, projectId, source } = process;
    const id = jobId({ ...process, step: LOAD_STEP, action: 'load' });
    const { maxFilesPerLoad: maxFiles } = config;
    return { workflowId, eventId, ruleId: rule.id, jobId: id, projectId, owner: source, files, maxFiles };
  };
  const folder = ledger.folder(dest, workflowId, input.ruleId);
  const versions = newestGenerations([...announced, ...listed.own].map(versionOf));
  const candidates = await ledger.withoutLoadedElsewhere({ files: versions, announced, startedMs, dest, folder });
  const claimed = await claimTakenOver(deps, input, rule, listed.takenOver.map(versionOf), draft(input.owner, []));
  const files = newestGenerations([...candidates, ...claimed]);
  const bound = await bindVariant(loadVariants(rule, files, { owner: input.owner, announced }), (variant) =>
    ledger.bindFiles({ folder, ...variant, announced, resumedEntries, draft }),
  );
  if (!bound) return null;
  const { url, entry, loaded, resumed, nextOwner } = bound;
  // A resumed batch keeps the project of its first run, because its job IDs belong there.
  const { projectId, maxFiles } = entry;
  return {
    process: processOfBatch(config, rule, { dest, owner: ownerOf(entry), startedMs, group, projectId }),
    ruleId: rule.id,
    jobId: entry.jobId,
    files: batchFilesOf(url, entry.files),
    loaded,
    nextOwner,
    resumed,
    maxFiles,
    performance: resumed ? undefined : chosen.performance,
  };
}

/**
 * Binds the files of the first variant that is not loaded yet. The others wait for the next batch, which the first of them
 * owns: files that differ in partition, format or variables of SQL are loaded apart (docs/compatibility.md#mixed-values).
 */
async function bindVariant(
  variants: readonly Variant[],
  bind: (variant: Variant) => Promise<BoundFiles | undefined>,
): Promise<BoundFiles | undefined> {
  for (const [at, variant] of variants.entries()) {
    const bound = await bind(variant);
    if (bound) return { ...bound, nextOwner: bound.nextOwner ?? variants[at + 1]?.owner };
  }
  return undefined;
}

/** Claims the files of the window that this one has taken over, so that a late run of that window leaves them out. */
async function claimTakenOver(
  { ledger }: Dependencies,
  { window, dest, ruleId }: SealInput,
  rule: Rule,
  files: readonly FileVersion[],
  claim: LedgerEntry,
): Promise<readonly FileVersion[]> {
  const previous = window && files.length > 0 ? takenOver(window, rule) : undefined;
  return previous === undefined ? [] : ledger.claimFiles(ledger.folder(dest, previous, ruleId), files, claim);
}

function versionOf({ url, generation, size, updatedMs }: FileVersion): FileVersion {
  return { url, generation, size, updatedMs };
}
