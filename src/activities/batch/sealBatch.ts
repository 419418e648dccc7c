import { randomUUID } from 'node:crypto';
import { jobId } from '../../journal/jobId';
import { groupFile, ledgerEntry, ledgerFolder } from '../../journal/names';
import { LEDGER_STATE, type LedgerEntry, loadedOf, notYetLoaded } from '../../ledger/entry';
import { ObjectExistsError, type ObjectInfo } from '../../objects/objectStore';
import { batchFilesOf, type SealedBatch } from '../../plan/batch';
import type { SealInput } from '../../plan/sealInput';
import { LOAD_STEP } from '../../plan/steps';
import { expandDestination, sourceDate, sourceHour } from '../../rules/destination';
import { cleanPath } from '../../rules/objectPath';
import { placementIfValid } from '../../rules/placement';
import { sealsByListing } from '../../rules/sealing';
import type { Rule } from '../../rules/types';
import { expandText } from '../../rules/variables';
import { takes } from '../../rules/when';
import type { FileEvent } from '../../windows/fileEvent';
import { type FileVersion, newestGenerations, versionKey } from '../../windows/fileVersion';
import { folderOf } from '../../windows/folder';
import type { Process } from '../../windows/process';
import { chooseProject } from '../bigquery/chooseProject';
import type { Dependencies } from '../dependencies';
import { takenOver } from '../storage/rollOver';
import { readSpilledFiles } from '../storage/spillFiles';
import { markDue } from '../storage/windowFiles';
import { withoutLoadedElsewhere } from './loadedElsewhere';
import { ruleOf } from './ruleOf';

/**
 * Makes a batch of the files announced, with those that lie in their folders and were not announced yet (design, 'sealing'),
 * but for what an earlier run or another window has loaded; tells that the window is due; and binds the batch to its load job
 * in a ledger part, before that job exists.
 *
 * @returns null when nothing is left to load.
 * @throws ApplicationFailure `RuleMissing`, not to be retried.
 */
export async function sealBatch(input: SealInput, deps: Dependencies): Promise<SealedBatch | null> {
  const rule = await ruleOf(deps, input.ruleId);
  const announced = [...(await readSpilledFiles(input.spilled, deps)), ...input.files];
  const [found, chosen] = await Promise.all([
    listed(announced, input, rule, deps),
    chooseProject(rule, deps),
    input.window && markDue(input.window, deps),
  ]);
  const { dest, startedMs } = input;
  const folder = ledgerFolder(deps.config, dest, input.workflowId, input.ruleId);
  const files = newestGenerations([...announced, ...found.own].map(versionOf));
  const candidates = deps.without.has('ledger')
    ? files
    : await withoutLoadedElsewhere({ files, announced, startedMs, dest, folder }, deps);
  const draft = (owner: Owner): Draft => {
    const process = processOf({ ...input, owner, projectId: chosen.projectId }, rule, deps);
    const id = jobId({ ...process, step: LOAD_STEP, action: 'load' });
    const { eventId, projectId } = process;
    const { workflowId } = input;
    const source = { url: owner.url, updatedMs: owner.updatedMs };
    const { maxFilesPerLoad: maxFiles } = deps.config;
    const part = {
      ...{ workflowId, eventId, ruleId: rule.id, jobId: id, projectId, owner: source, files: candidates },
      ...(maxFiles === undefined ? {} : { maxFiles }),
    };
    return { process, part };
  };
  const own = draft(input.owner);
  const claimed = await claim(found.before, own.part, input, rule, deps);
  const first = { ...own, part: { ...own.part, files: newestGenerations([...candidates, ...claimed]) } };
  const written = await writePart({ folder, first, announced, draft, ...input }, deps);
  if (!written) return null;
  deps.batchFiles.keep(written.url, written.part);
  const { files: bound, projectId, maxFiles } = written.part;
  return {
    // A part of an earlier run binds its files to a job of that project.
    process: { ...written.process, projectId },
    ruleId: rule.id,
    jobId: written.part.jobId,
    files: batchFilesOf(written.url, bound),
    ...(written.loaded ? { loaded: written.loaded } : {}),
    ...(written.nextOwner ? { nextOwner: written.nextOwner } : {}),
    ...(written.resumed ? { resumed: true } : {}),
    ...(maxFiles === undefined ? {} : { maxFiles }),
    ...(chosen.performance && !written.resumed ? { performance: chosen.performance } : {}),
  };
}

/** The event that a process is named after, and its file. */
type Owner = Pick<FileEvent, 'eventId' | 'url' | 'updatedMs'>;

/** A part to be written, and the process that it would be of. */
interface Draft {
  readonly process: Process;
  readonly part: LedgerEntry;
}

/** The process of a batch, as its first event and its rule make it. */
export function processOf(
  input: Pick<SealInput, 'dest' | 'startedMs' | 'group'> & Pick<Process, 'projectId'> & { readonly owner: Owner },
  rule: Rule,
  deps: Pick<Dependencies, 'config'>,
): Process {
  const { owner, group, projectId } = input;
  const params = {
    Date: sourceDate(owner.updatedMs),
    Hour: sourceHour(owner.updatedMs),
    ...expandDestination(rule, owner).parameters,
    EventID: owner.eventId,
    ...(group ? { GroupID: group.groupId } : {}),
  };
  const async = deps.config.async ?? rule.async;
  return {
    // A table may be named after the event or the group, which the window is not.
    dest: expandText(input.dest, params),
    eventId: owner.eventId,
    startedMs: input.startedMs,
    source: { url: owner.url, updatedMs: owner.updatedMs },
    ruleUrl: rule.url,
    async,
    projectId,
    params,
    stepCount: LOAD_STEP,
    ...(group ? { groupUrl: groupFile(deps.config, group.id, async) } : {}),
  };
}

/** What lies in the folders of the files announced: of the window itself, and of the one before that it took over. */
async function listed(
  announced: readonly FileEvent[],
  { window, beforeDue }: SealInput,
  rule: Rule,
  deps: Dependencies,
): Promise<{ own: readonly ObjectInfo[]; before: readonly ObjectInfo[] }> {
  if (!window || beforeDue || !sealsByListing(rule)) return { own: [], before: [] };
  const folders = [...new Set(announced.map((file) => folderOf(file.url)))];
  const lists = await Promise.all(folders.map((folder) => deps.objects.list(folder, { recursive: false })));
  const windowId = (file: ObjectInfo): string | undefined =>
    takes(rule, cleanPath(file.url)) ? placementIfValid(rule, file)?.window?.id : undefined;
  const found = lists.flat().map((file) => ({ file, id: windowId(file) }));
  const of = (id: string | undefined) => found.flatMap((item) => (id && item.id === id ? [item.file] : []));
  return { own: of(window.id), before: of(takenOver(window, rule)) };
}

/**
 * Claims files of the window that was taken over in the ledger of that window, so that a run of it, should it come after all,
 * leaves them out. To that window they count as done: whether they load is the claimant's matter.
 *
 * @returns those that nobody has loaded.
 */
async function claim(
  files: readonly ObjectInfo[],
  own: LedgerEntry,
  { window, dest, ruleId }: SealInput,
  rule: Rule,
  deps: Dependencies,
): Promise<readonly FileVersion[]> {
  const before = window && files.length > 0 ? takenOver(window, rule) : undefined;
  if (before === undefined) return [];
  const folder = ledgerFolder(deps.config, dest, before, ruleId);
  for (;;) {
    const parts = await partsOf(folder, deps);
    const known = parts.find(({ part }) => part.eventId === own.eventId);
    if (known) return known.part.files;
    const bound = parts.filter(({ state }) => state !== 'retired').map(({ part }) => part);
    const claimed = { ...own, files: notYetLoaded(files.map(versionOf), bound) };
    if (claimed.files.length === 0) return [];
    const url = ledgerEntry(folder, Math.max(0, ...parts.map(({ number }) => number)) + 1);
    try {
      await deps.objects.write(url, JSON.stringify(claimed), { ifAbsent: true, metadata: { [LEDGER_STATE]: 'done' } });
      return claimed.files;
    } catch (error) {
      if (!(error instanceof ObjectExistsError)) throw error;
    }
  }
}

/** A part that binds the files of a process, and what an earlier run has left of it. */
interface WrittenPart extends Draft, Pick<SealedBatch, 'loaded' | 'nextOwner' | 'resumed'> {
  readonly url: string;
}

/** What a part is written from. */
interface PartInput extends Pick<SealInput, 'resumedParts'> {
  readonly folder: string;
  readonly first: Draft;
  readonly announced: readonly FileEvent[];
  readonly draft: (owner: Owner) => Draft;
}

/**
 * Writes the batch as the next part. The first part is written without a look at the folder: only a second run of the
 * window finds it taken, and then reads what was loaded before.
 *
 * A process that an earlier run did not bring to its end, its own or another one's, is taken up again as it was: with its
 * files, its event and so its job IDs, so that what has run is adopted and what has not is run; new files wait for the next
 * batch. Of a process that is done nothing is, and new files go under the event that announced them.
 */
async function writePart(input: PartInput, deps: Dependencies): Promise<WrittenPart | undefined> {
  const { folder, first, announced, draft, resumedParts = [] } = input;
  if (deps.without.has('ledger')) return unbound(folder, first, deps);
  let candidate = first;
  for (let number = 1; ; ) {
    const url = ledgerEntry(folder, number);
    try {
      if (candidate.part.files.length === 0) return undefined;
      const metadata = { [LEDGER_STATE]: 'intent' };
      await deps.objects.write(url, JSON.stringify(candidate.part), { ifAbsent: true, metadata });
      return { url, ...candidate };
    } catch (error) {
      if (!(error instanceof ObjectExistsError)) throw error;
    }
    const parts = await partsOf(folder, deps);
    const bound = parts.filter(({ state }) => state !== 'retired');
    const files = notYetLoaded(
      first.part.files,
      bound.map(({ part }) => part),
    );
    const own = bound.find(({ part }) => part.eventId === candidate.part.eventId);
    const open = bound.find((known) => known.state === 'intent' && !resumedParts.includes(known.url));
    const resumed = open ?? (own?.state === 'done' || resumedParts.includes(own?.url ?? '') ? undefined : own);
    const nextOwner = announced.find((event) => files.some((file) => versionKey(file) === versionKey(event)));
    if (resumed) return { ...takenUpAgain(resumed, draft), ...(nextOwner ? { nextOwner } : {}) };
    if (own && !nextOwner) return undefined;
    const { process, part } = own && nextOwner ? draft(nextOwner) : candidate;
    candidate = { process, part: { ...part, files } };
    number = Math.max(...parts.map((known) => known.number)) + 1;
  }
}

function takenUpAgain({ url, part, loaded }: KnownPart, draft: (owner: Owner) => Draft): WrittenPart {
  const [file] = part.files;
  const owner = part.owner ?? file ?? { url, updatedMs: 0 };
  const { process } = draft({ eventId: part.eventId, url: owner.url, updatedMs: owner.updatedMs });
  return { url, process, part, resumed: true, ...(loaded ? { loaded } : {}) };
}

/** With the ledger switched off: every batch is taken as if it were the first. */
async function unbound(folder: string, draft: Draft, deps: Dependencies): Promise<WrittenPart | undefined> {
  if (draft.part.files.length === 0) return undefined;
  const url = `${folder}/unbound/${randomUUID()}.json`;
  await deps.objects.write(url, JSON.stringify(draft.part), { metadata: { [LEDGER_STATE]: 'intent' } });
  return { url, ...draft };
}

interface KnownPart extends Pick<SealedBatch, 'loaded'> {
  readonly url: string;
  readonly number: number;
  readonly state: string;
  readonly part: LedgerEntry;
}

async function partsOf(folder: string, deps: Dependencies): Promise<KnownPart[]> {
  const objects = await deps.objects.list(folder, { recursive: false });
  return Promise.all(
    objects.map(async ({ url, metadata }) => {
      const loaded = loadedOf(metadata);
      return {
        url,
        number: Number.parseInt(url.slice(url.lastIndexOf('/') + 1), 10),
        state: metadata[LEDGER_STATE] ?? 'intent',
        part: await deps.batchFiles.read(url),
        ...(loaded ? { loaded } : {}),
      };
    }),
  );
}

function versionOf({ url, generation, size, updatedMs }: FileVersion): FileVersion {
  return { url, generation, size, updatedMs };
}
