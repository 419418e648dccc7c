import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { quick, saying } from './activityCalls';
import * as contract from './contract';
import { Display } from './display';
import { type Gathered, Gathering } from './gathering';
import { answerOperators } from './operators';
import { overview, resultOf } from './outcome';
import { Patience } from './patience';
import { LoadProcess, type ProcessOutcome } from './process';
import { carriedBy, Stashing } from './stashing';

const FILES_A_PAGE = 1000;
/** How long files that came after due gather before they are loaded, so that a backlog makes few jobs. */
const LATE_FILES_GATHER_MS = 2000;

/**
 * The life of one batch window of one destination table: it gathers files until due, loads each rule's files with one job,
 * loads what comes meanwhile in the same way, and closes when nothing is left.
 */
export async function batchWindow(input: contract.BatchWindowInput): Promise<contract.LoadResult> {
  const gathering = new Gathering(input.carried);
  const processes: LoadProcess[] = [];
  const outcomes: ProcessOutcome[] = [];
  let flushed = false;
  let abandoned = false;

  const status = (): contract.WindowStatus => ({
    ...overview(processes.map((process) => process.status())),
    ...(gathering.pending && processes.every((process) => process.ended) ? { stage: 'gathering' } : {}),
    ...(patience.parkedBy === undefined ? {} : { stage: 'parked', lastError: patience.parkedBy }),
    ...(abandoned ? { stage: 'abandoned' } : {}),
    dest: input.dest,
    due: input.due,
    announced: gathering.announced,
  });
  const display = new Display(status);
  const show = () => display.update();
  const patience = new Patience(show);

  setHandler(contract.filesArrived, (events) => {
    gathering.add(events);
    show();
  });
  const load = () => {
    flushed = true;
  };
  setHandler(contract.flush, load, { description: 'Load now what has gathered, without waiting for due' });
  answerOperators(patience, status, (page) => gathering.page(page, FILES_A_PAGE));
  const hurried = () => flushed || patience.abandoned !== undefined;

  await condition(() => gathering.pending || hurried());
  const owner = gathering.first;
  const window = { id: input.windowId, start: input.start, due: input.due };
  if (!owner) throw ApplicationFailure.nonRetryable(`${window.id} was started without a file`, 'Abandoned');
  const marks = { window, dest: input.dest, owner, startedMs: workflowInfo().startTime.getTime() };
  const close = (ended: readonly ProcessOutcome[], stashes: readonly contract.Stash[] = []) =>
    CancellationScope.nonCancellable(() =>
      patience.outlast(() =>
        quick.close.executeWithOptions(saying('journal and window files'), [{ marks, ended, stashes }]),
      ),
    );
  /** Waits; when the window is cancelled meanwhile, its files go first. */
  const wait = async (until: () => boolean, ms: number, summary: string): Promise<void> => {
    try {
      await condition(until, ms, { summary });
    } catch (error) {
      if (isCancellation(error)) await close([], stashesOf(gathering.take()));
      throw error;
    }
  };
  const stashing = new Stashing(gathering, patience, input.dest);

  await patience.outlast(() => quick.openWindow.executeWithOptions(saying(`${window.id}.win`), [marks]));
  const dueMs = (input.due + input.settleInSec) * 1000;
  const summary = `due ${new Date(input.due * 1000).toISOString()}`;
  const crowded = () => gathering.crowd !== undefined;
  while (!hurried() && Date.now() < dueMs) {
    await wait(() => hurried() || crowded(), dueMs - Date.now(), summary);
    await stashing.relieve();
    if (workflowInfo().continueAsNewSuggested && !hurried()) {
      await stashing.empty();
      return continueAsNew<typeof batchWindow>({ ...input, ...carriedBy(gathering) });
    }
  }

  let left: Gathered[] = [];
  while ((gathering.pending || left.length > 0) && patience.abandoned === undefined) {
    await stashing.relieve();
    const taken = [...left, ...gathering.take()];
    const round = taken.map((gathered) => new LoadProcess({ ...gathered, dest: input.dest, marks }, show, patience));
    processes.push(...round);
    const ended = await Promise.all(round.map((process) => process.run()));
    left = taken.flatMap((gathered, at) => leftBy(gathered, ended[at]));
    await close(ended, stashesOf(taken.filter((_gathered, at) => ended[at]?.batch?.later === undefined)));
    outcomes.push(...ended);
    for (const process of round) process.closed();
    if (gathering.pending) await wait(hurried, LATE_FILES_GATHER_MS, 'late files');
  }
  await condition(allHandlersFinished);
  if (gathering.pending) {
    abandoned = true;
    show();
    await close([], stashesOf(gathering.take()));
    const message = `${window.id} was abandoned: ${patience.abandoned}`;
    throw ApplicationFailure.nonRetryable(message, 'Abandoned', { announced: gathering.announced });
  }
  return resultOf(input.dest, outcomes);
}

function stashesOf(taken: readonly Gathered[]): contract.Stash[] {
  return taken.flatMap(({ stashes }) => stashes);
}

/** What is still to be loaded of files of which an earlier run had taken some: under the event that announced them. */
function leftBy(gathered: Gathered, outcome: ProcessOutcome | undefined): Gathered[] {
  const { later: owner, files } = outcome?.batch ?? {};
  if (!owner || !files) return [];
  return [{ ...gathered, owner, takenUp: [...(gathered.takenUp ?? []), files.part] }];
}
