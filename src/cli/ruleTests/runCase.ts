import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../errorText';
import type { AppNames } from '../dev/appConfig';
import { CallReceiver } from './callReceiver';
import { CaseApp, type TestServices } from './caseApp';
import { CaseCloud } from './caseCloud';
import { waitForCaseWindow } from './caseWindow';
import { type ExpandedCase, expandCase, failureLines } from './expandCase';
import { type Expectation, expectationsOf } from './expectations';
import { labelOf, type TestCase } from './testCase';
import { TopicListener } from './topicListener';
import { uploadAll } from './uploads';

/** The result of a case. */
export interface CaseResult {
  readonly label: string;
  readonly description: string;
  readonly passed: boolean;
  /** Time since the first upload. */
  readonly seconds: number;
  /** Why the case failed; empty when it passed. */
  readonly reasons: readonly string[];
}

/** Options of a run of a case. */
export interface RunOptions {
  /** Maximum time after the last upload, seconds; default: the case's own. */
  readonly timeoutSec?: number;
  /** Whether windows load as soon as all files are announced, not only when they are due. */
  readonly flush: boolean;
}

const POLL_MS = 150;
const ANNOUNCED_WITHIN_MS = 20_000;
/** After all workflows have ended, nothing changes any more; this leaves time for the last writes to become visible. */
const QUIET_MS = 1500;

/** Runs a case on the local services, under its own names. Never throws: an error becomes a reason of the result. */
export async function runCase(
  raw: TestCase,
  names: AppNames,
  shared: TestServices,
  options: RunOptions,
): Promise<CaseResult> {
  const result = { label: labelOf(raw), description: raw.feature };
  const clock = { startedAt: Date.now() };
  const calls = await CallReceiver.start();
  let app: CaseApp | undefined;
  try {
    const expanded = expandCase(raw, names, shared.services, calls.url, new Date());
    app = await CaseApp.start(shared, names, expanded.testCase.config);
    const reasons = await new CaseRun(expanded, names, app, shared, calls, options).run(clock);
    return { ...result, passed: reasons.length === 0, seconds: (Date.now() - clock.startedAt) / 1000, reasons };
  } catch (error) {
    const reasons = [errorText(error)];
    return { ...result, passed: false, seconds: (Date.now() - clock.startedAt) / 1000, reasons };
  } finally {
    await Promise.all([calls.stop(), app?.stop()]);
  }
}

class CaseRun {
  private readonly cloud: CaseCloud;

  constructor(
    private readonly expanded: ExpandedCase,
    private readonly names: AppNames,
    private readonly app: CaseApp,
    private readonly shared: TestServices,
    private readonly calls: CallReceiver,
    private readonly options: RunOptions,
  ) {
    this.cloud = new CaseCloud(names.project, shared.services.storage);
  }

  /** @returns why the case failed; empty when it passed. */
  async run(clock: { startedAt: number }): Promise<readonly string[]> {
    const { testCase } = this.expanded;
    const topics = await this.prepare();
    const problems = await this.app.readRules();
    if (problems.length > 0) return problems.map(({ url, line, message }) => `${url}:${line ?? ''}: ${message}`);
    await waitForCaseWindow(testCase);
    clock.startedAt = Date.now();
    const urls = await uploadAll(testCase.uploads, this.cloud);
    const end = Date.now() + (this.options.timeoutSec ?? testCase.waitSec) * 1000;
    await this.untilAnnounced(urls);
    if (this.options.flush && !testCase.waitUntilDue) await this.app.flush();
    const expectations = expectationsOf(testCase, { cloud: this.cloud, calls: this.calls, topics });
    return this.untilMet(expectations, urls, end);
  }

  private async prepare(): Promise<ReadonlyMap<string, TopicListener>> {
    const { testCase, rules } = this.expanded;
    const { project } = this.names;
    await this.cloud.createTables(testCase);
    for (const { url, text } of testCase.resources) await this.cloud.put(url, text);
    for (const { url, text } of rules) await this.cloud.put(url, text);
    const topics = [...new Set(testCase.expectPubsub.map(({ topic }) => topic))];
    const listening = topics.map(
      async (topic): Promise<[string, TopicListener]> => [
        topic,
        await TopicListener.of(this.shared.services.messages, project, topic),
      ],
    );
    return new Map(await Promise.all(listening));
  }

  private async untilAnnounced(urls: readonly string[]): Promise<void> {
    const deadline = Date.now() + ANNOUNCED_WITHIN_MS;
    while (this.app.notAnnounced(urls).length > 0) {
      if (Date.now() > deadline)
        throw new Error(
          `not announced within ${ANNOUNCED_WITHIN_MS / 1000} s: ${this.app.notAnnounced(urls).join(', ')}`,
        );
      await sleep(20);
    }
  }

  /** Polls until all expectations are met and no workflow runs, or until nothing can change any more. */
  private async untilMet(expectations: readonly Expectation[], urls: readonly string[], end: number) {
    let quietSince: number | undefined;
    for (;;) {
      const running = await this.app.running();
      if (running.length > 0) quietSince = undefined;
      else quietSince ??= Date.now();
      const over = Date.now() >= end || (quietSince !== undefined && Date.now() - quietSince > QUIET_MS);
      const unmet = await unmetOf(expectations, over);
      if (over) return unmet.length === 0 ? this.failuresNotExpected() : this.explained(unmet, running, urls);
      if (unmet.length === 0 && running.length === 0) return this.failuresNotExpected();
      await sleep(POLL_MS);
    }
  }

  /** Problems of the failures of workflows, when all other expectations are met. */
  private async failuresNotExpected(): Promise<readonly string[]> {
    return failureLines(this.expanded.testCase, await this.app.failures());
  }

  /** The unmet expectations, after what may have caused them. */
  private async explained(unmet: readonly string[], running: readonly string[], urls: readonly string[]) {
    const failures = await this.app.failures();
    return [
      ...failures.map(({ workflowId, type, message }) => `${workflowId} failed with ${type}: ${message}`),
      ...this.app.rejected(urls).map((line) => `not loaded: ${line}`),
      ...running.map((workflowId) => `still running at the timeout: ${workflowId}`),
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
