import { join } from 'node:path';
import { findServer } from '@bqtail/local-stack';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { SealInput } from '../../src/plan/sealInput';
import type { FileEvent } from '../../src/windows/fileEvent';
import {
  abandon,
  BATCH_WINDOW,
  type BatchWindowInput,
  filesArrived,
  flush,
  searchAttributes,
  status,
} from '../../src/workflows/contract';
import { WINDOW_GROUP } from '../../src/workflows/groupContract';

const TASK_QUEUE = 'late-arrivals';
const PAST_DUE = Math.floor(Date.now() / 1000) - 100;
const GROUP = { id: 'ds.t_group' };

let environment: TestWorkflowEnvironment;
let bundle: WorkflowBundle;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = findServer();
  const server = {
    executable: path === undefined ? undefined : ({ type: 'existing-path', path } as const),
    searchAttributes: Object.values(searchAttributes),
    extraArgs: ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=300'],
  };
  [environment, bundle] = await Promise.all([
    TestWorkflowEnvironment.createLocal({ server }),
    bundleWorkflowCode({ workflowsPath: join(__dirname, '../../src/workflows/index.ts') }),
  ]);
});
afterAll(() => environment?.teardown());

function fileEvent(name: string): FileEvent {
  return { url: `gs://b/${name}`, generation: '1', size: 1, updatedMs: 0, eventId: name, ruleId: 'r', group: GROUP };
}

/** Runs `test` with a worker whose activities do nothing except that they record sealed files and call the hooks. */
async function withWorker<T>(
  test: (window: {
    sealed: string[];
    send: (input: BatchWindowInput, files: string[]) => Promise<string>;
  }) => Promise<T>,
  hooks: {
    onClose?: () => Promise<void>;
    onSeal?: (input: SealInput) => Promise<void>;
  } = {},
): Promise<T> {
  const sealed: string[] = [];
  const spilledFiles = new Map<string, readonly FileEvent[]>();
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TASK_QUEUE,
    workflowBundle: bundle,
    activities: {
      openWindow: async () => undefined,
      openGroup: async () => undefined,
      joinGroup: async () => '1',
      spillFiles: async ({ name, files }: { name: string; files: readonly FileEvent[] }) => {
        spilledFiles.set(name, files);
        return { url: name, files: files.length };
      },
      sealBatch: async (input: SealInput) => {
        const spilled = input.spilled.flatMap(({ url }) => spilledFiles.get(url) ?? []);
        sealed.push(...[...spilled, ...input.files].map(({ url }) => url));
        await hooks.onSeal?.(input);
        return null;
      },
      close: async () => hooks.onClose?.(),
    },
  });
  const send = async (input: BatchWindowInput, files: string[]) => {
    const handle = await environment.client.workflow.signalWithStart(BATCH_WINDOW, {
      workflowId: input.windowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      signal: filesArrived,
      signalArgs: [files.map(fileEvent)],
    });
    return handle.signaledRunId;
  };
  return worker.runUntil(() => test({ sealed, send }));
}

function windowInput(name: string, due = PAST_DUE): BatchWindowInput {
  return { windowId: `ds.t_${name}`, dest: 'ds.t', start: due - 10, due, settleInSec: 0 };
}

/** Ends of the runs of a workflow ID that were signalled. */
async function resultsOf(workflowId: string, runIds: Iterable<string>): Promise<string[]> {
  const results: string[] = [];
  for (const runId of new Set(runIds)) {
    const result = environment.client.workflow.getHandle(workflowId, runId).result();
    results.push(await result.then(() => 'done').catch((error: Error) => `${(error.cause as { type?: string }).type}`));
  }
  return results;
}

test('files that arrive while a window signals its end to its group are loaded', async () => {
  const rounds = 12;
  await environment.client.workflow.start(WINDOW_GROUP, {
    workflowId: GROUP.id,
    taskQueue: TASK_QUEUE,
    args: [
      { group: { ...GROUP, end: PAST_DUE + 3600 }, dest: 'ds.t', groupId: '1', settleInSec: 0, owner: fileEvent('g') },
    ],
  });
  let second: Promise<string> | undefined;
  let sendSecond = async () => '';
  let delayMs = 0;
  const onClose = async () => {
    second ??= new Promise((resolve) => setTimeout(resolve, delayMs)).then(sendSecond);
  };
  await withWorker(
    async ({ sealed, send }) => {
      for (let round = 0; round < rounds; round++) {
        const input = windowInput(`group_${round}`);
        second = undefined;
        delayMs = 2 * round;
        sendSecond = () => send(input, [`${round}/late`]);
        const firstRun = await send(input, [`${round}/first`]);
        while (!second) await new Promise((resolve) => setTimeout(resolve, 1));
        expect(await resultsOf(input.windowId, [firstRun, await second])).not.toContain('failed');
      }
      const expected = Array.from({ length: rounds }, (_, round) => [`gs://b/${round}/first`, `gs://b/${round}/late`]);
      expect([...sealed].sort()).toEqual(expected.flat().sort());
    },
    { onClose },
  );
});

test('a file that arrives while an abandoned window closes is loaded, and the window ends as abandoned', async () => {
  const input = windowInput('abandoned', PAST_DUE + 3600);
  let late: Promise<string> | undefined;
  let sendLate = async () => '';
  const onClose = async () => {
    late ??= sendLate();
    await late;
  };
  await withWorker(
    async ({ sealed, send }) => {
      sendLate = () => send(input, ['late']);
      const run = await send(input, ['first']);
      const handle = environment.client.workflow.getHandle(input.windowId);
      await handle.signal(abandon, 'wrong table');
      expect(await resultsOf(input.windowId, [run])).toEqual(['Abandoned']);
      expect(await late).toBe(run);
      expect(sealed).toEqual(['gs://b/late']);
      expect((await handle.describe()).searchAttributes).toMatchObject({ BqtailStage: ['abandoned'] });
    },
    { onClose },
  );
});

test('a flush loads the waiting files once, and files that arrive meanwhile gather for the next batch', async () => {
  const input = windowInput('flushed', PAST_DUE + 3600);
  let late: Promise<string> | undefined;
  let sendLate = async () => '';
  const onSeal = async () => {
    late ??= sendLate();
    await late;
  };
  await withWorker(
    async ({ sealed, send }) => {
      sendLate = () => send(input, ['late']);
      const run = await send(input, ['first']);
      const handle = environment.client.workflow.getHandle(input.windowId);
      await handle.signal(flush);
      while (!late) await new Promise((resolve) => setTimeout(resolve, 5));
      await late;
      await send(input, ['later']);
      for (let state = await handle.query(status); state.stage !== 'gathering' || state.announced < 3; ) {
        state = await handle.query(status);
      }
      expect(sealed).toEqual(['gs://b/first']);
      await handle.signal(flush);
      expect(await resultsOf(input.windowId, [run])).toEqual(['done']);
      expect([...sealed].sort()).toEqual(['gs://b/first', 'gs://b/late', 'gs://b/later']);
    },
    { onSeal },
  );
});

test('a window whose batches are always full continues as new between rounds and loads each file once', async () => {
  const input = { ...windowInput('full', PAST_DUE + 3600), limits: { maxFiles: 10 } };
  const count = 600;
  const names = Array.from({ length: count }, (_, at) => `full/${at}`);
  await withWorker(async ({ sealed, send }) => {
    let firstRun = '';
    for (let at = 0; at < count; at += 5) {
      const runId = await send(input, names.slice(at, at + 5));
      firstRun ||= runId;
    }
    const handle = environment.client.workflow.getHandle(input.windowId);
    await handle.result();
    expect([...sealed].sort()).toEqual(names.map((name) => `gs://b/${name}`).sort());
    const { events = [] } = await environment.client.workflow.getHandle(input.windowId, firstRun).fetchHistory();
    expect(events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
    expect(events?.length).toBeLessThan(1000);
  });
});

test('a window of 2,500 files with names of 1,000 bytes loads each file once', async () => {
  const input = windowInput('long_names', PAST_DUE + 3600);
  const names = Array.from({ length: 2500 }, (_, at) => String(at).padStart(1000, 'x'));
  await withWorker(async ({ sealed, send }) => {
    let runId = '';
    for (let at = 0; at < names.length; at += 200) runId = await send(input, names.slice(at, at + 200));
    await environment.client.workflow.getHandle(input.windowId).signal(flush);
    expect(await resultsOf(input.windowId, [runId])).toEqual(['done']);
    expect([...sealed].sort()).toEqual(names.map((name) => `gs://b/${name}`).sort());
  });
});
