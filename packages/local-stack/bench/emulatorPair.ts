import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackProcess } from '@bqtail/local-stack';
import { startService } from '@bqtail/local-stack';
import { send } from './emulatorCalls';

export const PROJECT = 'bench';
const KIB = 1024;
const POLL_MS = 20;

interface JobAnswer {
  readonly status: { readonly state: string; readonly errorResult?: { readonly message: string } };
}

/** The Cloud Storage and BigQuery emulators as processes, with a temporary data folder. */
export class EmulatorPair {
  private jobs = 0;

  private constructor(
    private readonly dataDir: string,
    readonly storage: StackProcess,
    readonly bigquery: StackProcess,
    /** Milliseconds until each was ready. */
    readonly startUp: { readonly storage: number; readonly bigquery: number },
  ) {}

  static async start(): Promise<EmulatorPair> {
    const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-bench-'));
    const begin = performance.now();
    const start = (name: 'storage' | 'bigquery', options: object) =>
      startService(name, { dataDir: join(dataDir, name), project: PROJECT, ...options }, 'ignore');
    const storage = await start('storage', {});
    const storageMs = performance.now() - begin;
    const bigquery = await start('bigquery', { storage: { url: urlOf(storage) } });
    const bigqueryMs = performance.now() - begin - storageMs;
    return new EmulatorPair(dataDir, storage, bigquery, { storage: storageMs, bigquery: bigqueryMs });
  }

  async stop(): Promise<void> {
    await Promise.all([this.storage.stop(), this.bigquery.stop()]);
    await rm(this.dataDir, { recursive: true, force: true });
  }

  get storageUrl(): string {
    return urlOf(this.storage);
  }

  async makeBucket(name: string): Promise<void> {
    await send(`${this.storageUrl}/storage/v1/b?project=${PROJECT}`, 'POST', { name });
  }

  async makeTable(datasetId: string, tableId: string, fields: readonly object[]): Promise<void> {
    const datasets = this.api('datasets');
    const existing = await fetch(`${datasets}/${datasetId}`);
    await existing.arrayBuffer();
    if (!existing.ok) await send(datasets, 'POST', { datasetReference: { datasetId } });
    await send(`${datasets}/${datasetId}/tables`, 'POST', { tableReference: { tableId }, schema: { fields } });
  }

  /** Runs a job to its end. @returns milliseconds. @throws Error when it fails. */
  async runJob(configuration: object): Promise<number> {
    const jobId = `bench-${this.jobs++}`;
    const begin = performance.now();
    await send(this.api('jobs'), 'POST', { jobReference: { projectId: PROJECT, jobId }, configuration });
    for (;;) {
      const { status } = (await (await send(`${this.api('jobs')}/${jobId}`, 'GET')).json()) as JobAnswer;
      if (status.errorResult) throw new Error(`job ${jobId}: ${status.errorResult.message}`);
      if (status.state === 'DONE') return performance.now() - begin;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private api(path: string): string {
    return `${urlOf(this.bigquery)}/bigquery/v2/projects/${PROJECT}/${path}`;
  }
}

function urlOf({ port }: StackProcess): string {
  return `http://127.0.0.1:${port}`;
}

/** Resident memory of a process, bytes. */
export function residentBytes({ process: { pid } }: StackProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * KIB;
}
