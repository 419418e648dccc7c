import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { newFailure } from '../failures';
import * as contract from './contract';
import { Display } from './display';
import { carriedBy, FileSpill } from './fileSpill';
import { Gathering } from './gathering';
import { GroupMembership } from './groupMembership';
import { answerOperators } from './operatorMessages';
import { OutageRetry } from './outageRetry';
import { overview } from './outcome';
import { WindowFiles } from './windowFiles';
import { WindowLoads } from './windowLoads';

const FILES_A_PAGE = 1000;
/** How long files that came after due gather before they are loaded, so that a backlog makes few jobs. */
const LATE_FILES_GATHER_MS = 2000;

/**
 * The life of one batch window of one destination table: it gathers files until due, loads each rule's files with one job,
 * loads what comes meanwhile in the same way, and closes when nothing is left. A batch that is full or complete is loaded
 * before due; what comes after it waits for the next.
 */
export async function batchWindow(input: contract.BatchWindowInput): Promise<contract.LoadResult> {
  const gathering = new Gathering(input.carried, input.limits);
  let flushed = false;
  let abandoned = false;

  const status = (): contract.WindowStatus => ({
    ...overview(rounds.status()),
    ...(gathering.pending && rounds.idle ? { stage: 'gathering' } : {}),
    ...(patience.parkedBy === undefined ? {} : { stage: 'parked', lastError: patience.parkedBy }),
    ...(abandoned ? { stage: 'abandoned' } : {}),
    dest: input.dest,
    due: input.due,
    announced: gathering.announced,
  });
  const display = new Display(status);
  const show = () => display.update();
  const patience = new OutageRetry(show);
  const memberships = new GroupMembership(input, patience);
  const rounds = new WindowLoads(input, memberships, patience, show);
  const stashing = new FileSpill(gathering, patience, input.dest);
  const files = new WindowFiles(input, gathering, patience);

  setHandler(contract.filesArrived, (events) => {
    // By hand it may come without its argument, which must not stop the window.
    if (Array.isArray(events)) gathering.add(events);
    show();
  });
  setHandler(contract.folderComplete, (folder) => gathering.complete(folder));
  const load = () => {
    flushed = true;
  };
  setHandler(contract.flush, load, { description: 'Load now what has gathered, without waiting for due' });
  answerOperators(patience, status, (page) => gathering.page(page, FILES_A_PAGE));
  const loadNow = () => flushed || patience.abandoned !== undefined;
  const dueMs = (input.due + input.settleInSec) * 1000;
  const early = () => !loadNow() && Date.now() < dueMs;
  const closed = () => loadNow() || gathering.closes;
  const more = () => gathering.pending || rounds.pending;

  return memberships.during(work, () => rounds.sum());

  async function work(): Promise<contract.LoadResult> {
    await condition(() => gathering.pending || loadNow());
    const owner = gathering.first;
    if (!owner) throw newFailure('Abandoned', `${input.windowId} was started without a file`);
    do {
      const marks = await files.open(owner);
      await memberships.join(owner);
      if (!rounds.pending) await gather();
      if (patience.abandoned !== undefined) break;
      const beforeDue = early();
      await stashing.relieve();
      await rounds.load(gathering.take(beforeDue), marks, beforeDue);
      if (beforeDue && !more()) await files.close(() => rounds.closeWindow(marks));
      if (!beforeDue && gathering.pending) await wait(closed, LATE_FILES_GATHER_MS, 'late files');
    } while (more() && patience.abandoned === undefined);
    await condition(allHandlersFinished);
    if (!gathering.pending) return rounds.result();
    abandoned = true;
    show();
    await rounds.closeWindow(files.marks, gathering.take());
    const message = `${input.windowId} was abandoned: ${patience.abandoned}`;
    throw newFailure('Abandoned', message, { details: { announced: gathering.announced } });
  }

  /** Until due, or until a batch closes early or at once. */
  async function gather(): Promise<void> {
    const summary = `due ${new Date(input.due * 1000).toISOString()}`;
    const long = () => workflowInfo().continueAsNewSuggested;
    const busy = () => gathering.crowd !== undefined || files.unmarked || long();
    while (!closed() && Date.now() < dueMs) {
      await wait(() => closed() || busy(), dueMs - Date.now(), summary);
      await files.mark();
      await stashing.relieve();
      if (long() && !loadNow()) {
        await stashing.empty();
        const { start, earlier } = { start: files.start, earlier: rounds.sum() };
        await continueAsNew<typeof batchWindow>({ ...input, start, earlier, ...carriedBy(gathering) });
      }
    }
  }

  /** When the window is cancelled meanwhile, its files go first. */
  async function wait(until: () => boolean, ms: number, summary: string): Promise<void> {
    try {
      await condition(until, ms, { summary });
    } catch (error) {
      if (isCancellation(error)) await rounds.closeWindow(files.marks, gathering.take());
      throw error;
    }
  }
}
