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
import { type Taker, takersOf } from './takers';

/**
 * Seals a batch: the announced files, plus unannounced files in their folders, minus files that are loaded already, and of these
 * the ones that one load may take together. Writes the file that says that the window is due, and binds the batch to its load
 * job in the ledger before that job exists.
 *
 * @returns null when nothing is left to load.
 * @throws ApplicationFailure `RuleChanged`
 */
export async function sealBatch(deps: Dependencies, input: SealInput): Promise<SealedBatch | null> {
  const announced = [...(await readSpilledFiles(deps, input.spilled)), ...input.files];
  const takers = await takersOf(deps, input, announced);
  const dueMarked = input.window && markDue(deps, input.window);
  for (const [at, { rule, files }] of takers.entries()) {
    const owner = at === 0 ? input.owner : (files[0] ?? input.owner);
    const batch = await sealByRule(deps, { ...input, owner }, { rule, files }, takers, dueMarked);
    // Files that another rule takes wait for the next batch, as do those of another load variant.
    if (batch) return { ...batch, nextOwner: batch.nextOwner ?? takers[at + 1]?.files[0] };
  }
  return null;
}

/** Seals a batch of the files that one rule takes. @returns undefined when none of them is left to load. */
async function sealByRule(
  deps: Dependencies,
  input: SealInput,
  { rule, files: announced }: Taker,
  takers: readonly Taker[],
  dueMarked: Promise<void> | undefined,
): Promise<SealedBatch | undefined> {
  const { config, ledger } = deps;
  const { dest, owner, startedMs, workflowId, resumedEntries = [], group } = input;
  const [listed, chosen] = await Promise.all([
    listWindow(deps, announced, input, rule),
    chooseProject(deps, rule),
    dueMarked,
  ]);
  const draft = (of: EntryOwner, files: readonly FileVersion[]): LedgerEntry => {
    const process = processOfBatch(config, rule, { dest, owner: of, startedMs, group, projectId: chosen.projectId });
    const { eventId, projectId, source } = process;
    const id = jobId({ ...process, step: LOAD_STEP, action: 'load' });
    const { maxFilesPerLoad: maxFiles } = config;
    return { workflowId, eventId, ruleId: rule.id, jobId: id, projectId, owner: source, files, maxFiles };
  };
  // The folder is that of the announced rule, so that a later run finds the entries after a change of the rules.
  const folder = ledger.folder(dest, workflowId, input.ruleId);
  const versions = newestGenerations([...announced, ...listed.own].map(versionOf));
  const candidates = await ledger.withoutLoadedElsewhere({ files: versions, announced, startedMs, dest, folder });
  const claimed = await claimTakenOver(deps, input, rule, listed.takenOver.map(versionOf), draft(owner, []));
  const files = newestGenerations([...candidates, ...claimed]);
  const bound = await bindVariant(loadVariants(rule, files, { owner, announced }), (variant) =>
    ledger.bindFiles({ folder, ...variant, announced, resumedEntries, draft }),
  );
  if (!bound) return undefined;
  const { url, entry, loaded, resumed, nextOwner } = bound;
  // An earlier run may have bound files of another rule.
  const entryRule = takers.find(({ files }) => files.some((file) => file.url === entry.owner?.url))?.rule ?? rule;
  // A resumed batch keeps the project of its first run, because its job IDs belong there.
  const { projectId, maxFiles } = entry;
  return {
    process: processOfBatch(config, entryRule, { dest, owner: ownerOf(entry), startedMs, group, projectId }),
    ruleId: entryRule.id,
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
