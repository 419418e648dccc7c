import { errorText } from '../../errorText';
import type { AppNames } from '../dev/appConfig';
import { CallReceiver } from './callReceiver';
import { CaseApp, type TestServices } from './caseApp';
import { CaseCloud } from './caseCloud';
import { type Expectation, expectationsOf } from './expectations';
import { type FilledCase, failureLines, filledCase } from './filledCase';
import { labelOf, type TestCase } from './testCase';
import { TopicListener } from './topicListener';
import { uploadAll } from './uploads';
import { waitForFreshWindow } from './waitForFreshWindow';

/** How a case ended. */
export interface CaseResult {
  readonly label: string;
  readonly description: string;
  readonly passed: boolean;
  /** From the first upload on. */
  readonly seconds: number;
  /** Why it failed. */
  readonly reasons: readonly string[];
}

export interface RunOptions {
  /** Patience after the last upload, seconds; default: the case's own. */
  readonly timeoutSec?: number;
  /** Windows load as soon as all files are announced, not only when they are due. */
  readonly flush: boolean;
}

const LOOK_MS = 150;
const ANNOUNCED_WITHIN_MS = 20_000;
/** Nothing runs any more, so nothing will change; only what was written last may need a moment to be seen. */
const STILL_MS = 1500;

/** Runs a case on the local services, in names of its own. Never throws: what goes wrong is a reason. */
export async function runCase(
  raw: TestCase,
  names: AppNames,
  shared: TestServices,
  options: RunOptions,
): Promise<CaseResult> {
  const result = { label: labelOf(raw), description: raw.feature };
  const begin = { ms: Date.now() };
  const calls = await CallReceiver.start();
  let app: CaseApp | undefined;
  try {
    const filled = filledCase(raw, names, shared.services, calls.url, new Date());
    app = await CaseApp.start(shared, names, filled.testCase.config);
    const reasons = await new CaseRun(filled, names, app, shared, calls, options).run(begin);
    return { ...result, passed: reasons.length === 0, seconds: (Date.now() - begin.ms) / 1000, reasons };
  } catch (error) {
    const reasons = [errorText(error)];
    return { ...result, passed: false, seconds: (Date.now() - begin.ms) / 1000, reasons };
  } finally {
    await Promise.all([calls.stop(), app?.stop()]);
  }
}

class CaseRun {
  private readonly cloud: CaseCloud;

  constructor(
    private readonly filled: FilledCase,
    private readonly names: AppNames,
    private readonly app: CaseApp,
    private readonly shared: TestServices,
    private readonly calls: CallReceiver,
    private readonly options: RunOptions,
  ) {
    this.cloud = new CaseCloud(names.project, shared.services.storage);
  }

  /** @returns why the case failed; nothing when it passed. */
  async run(begin: { ms: number }): Promise<readonly string[]> {
    const { testCase } = this.filled;
    const topics = await this.prepare();
    const problems = await this.app.readRules();
    if (problems.length > 0) return problems.map(({ url, line, message }) => `${url}:${line ?? ''}: ${message}`);
    await waitForFreshWindow(testCase);
    begin.ms = Date.now();
    const urls = await uploadAll(testCase.uploads, this.cloud);
    const end = Date.now() + (this.options.timeoutSec ?? testCase.waitSec) * 1000;
    await this.announced(urls);
    if (this.options.flush && !testCase.waitUntilDue) await this.app.flush();
    const expectations = expectationsOf(testCase, { cloud: this.cloud, calls: this.calls, topics });
    return this.watch(expectations, urls, end);
  }

  private async prepare(): Promise<ReadonlyMap<string, TopicListener>> {
    const { testCase, rules } = this.filled;
    const { project } = this.names;
    await this.cloud.createTables(testCase);
    for (const { url, text } of testCase.resources) await this.cloud.put(url, text);
    for (const { url, text } of rules) await this.cloud.put(url, text);
    const topics = [...new Set(testCase.expectPubsub.map(({ topic }) => topic))];
    const listening = topics.map(
      async (topic): Promise<[string, TopicListener]> => [
        topic,
        await TopicListener.of(`http://${this.shared.services.pubsub}`, project, topic),
      ],
    );
    return new Map(await Promise.all(listening));
  }

  private async announced(urls: readonly string[]): Promise<void> {
    const giveUpAt = Date.now() + ANNOUNCED_WITHIN_MS;
    while (this.app.notAnnounced(urls).length > 0) {
      if (Date.now() > giveUpAt)
        throw new Error(
          `not announced within ${ANNOUNCED_WITHIN_MS / 1000} s: ${this.app.notAnnounced(urls).join(', ')}`,
        );
      await pause(20);
    }
  }

  /** Looks again and again until all holds and nothing runs, or nothing more can come of it. */
  private async watch(expectations: readonly Expectation[], urls: readonly string[], end: number) {
    let stillSince: number | undefined;
    for (;;) {
      const running = await this.app.running();
      if (running.length > 0) stillSince = undefined;
      else stillSince ??= Date.now();
      const over = Date.now() >= end || (stillSince !== undefined && Date.now() - stillSince > STILL_MS);
      const unmet = await unmetOf(expectations, over);
      if (over) return unmet.length === 0 ? this.afterwards() : this.explained(unmet, running, urls);
      if (unmet.length === 0 && running.length === 0) return this.afterwards();
      await pause(LOOK_MS);
    }
  }

  /** What is wrong although all expectations hold. */
  private async afterwards(): Promise<readonly string[]> {
    return failureLines(this.filled.testCase, await this.app.failures());
  }

  private async explained(unmet: readonly string[], running: readonly string[], urls: readonly string[]) {
    const failures = await this.app.failures();
    return [
      ...failures.map(({ workflowId, type, message }) => `${workflowId} failed with ${type}: ${message}`),
      ...this.app.leftOut(urls).map((line) => `left out: ${line}`),
      ...running.map((workflowId) => `still running when the time was over: ${workflowId}`),
      ...unmet,
    ];
  }
}

async function unmetOf(expectations: readonly Expectation[], all: boolean): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const expectation of expectations) {
    const unmet = await expectation().catch((error: Error) => [error.message]);
    lines.push(...unmet);
    if (unmet.length > 0 && !all) return lines;
  }
  return lines;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
