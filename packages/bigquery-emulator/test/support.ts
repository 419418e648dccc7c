import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStorage } from '@bqtail/storage-emulator';
import type { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { startBigQuery } from '../src/server';

export const PROJECT = 'local-project';
export const BUCKET = 'source-bucket';

/** The BigQuery and the storage emulator on free ports, with official clients for both. */
export interface TestEmulator {
  readonly url: string;
  /** The official client. */
  readonly bigquery: BigQuery;
  readonly storage: Storage;
  readonly storageUrl: string;
  readonly dataDir: string;
  /** Closes the BigQuery emulator and starts it again on the same data. */
  restart(): Promise<TestEmulator>;
  /** Writes an object; returns its URI. */
  put(name: string, data: string | Buffer): Promise<string>;
  close(): Promise<void>;
}

export async function startTestEmulator(): Promise<TestEmulator> {
  const folder = mkdtempSync(join(tmpdir(), 'bigquery-'));
  const objects = await startStorage({
    port: 0,
    dataDir: join(folder, 'storage'),
    project: PROJECT,
    buckets: [BUCKET],
  });
  const storageUrl = `http://127.0.0.1:${objects.port}`;
  const storage = new Storage({ projectId: PROJECT, apiEndpoint: storageUrl, useAuthWithCustomEndpoint: false });

  async function start(): Promise<TestEmulator> {
    const dataDir = join(folder, 'bigquery');
    const server = await startBigQuery({ port: 0, dataDir, project: PROJECT, storage: { url: storageUrl } });
    const url = `http://127.0.0.1:${server.port}`;
    return {
      url,
      get bigquery() {
        return clientOf(url);
      },
      storage,
      storageUrl,
      dataDir,
      restart: async () => {
        await server.close();
        return start();
      },
      put: async (name, data) => {
        await storage.bucket(BUCKET).file(name).save(data, { resumable: false });
        return `gs://${BUCKET}/${name}`;
      },
      close: async () => {
        await server.close();
        await objects.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }

  return start();
}

declare global {
  /** Set by clientEnvironment.js. */
  var officialClients:
    | { bigquery: typeof import('@google-cloud/bigquery'); auth: typeof import('google-auth-library') }
    | undefined;
}

/** The official client for a server at `url`; the test file must ask for clientEnvironment.js. */
export function clientOf(url: string, project = PROJECT): BigQuery {
  if (!globalThis.officialClients) throw new Error('Expected the docblock @jest-environment ./clientEnvironment.js');
  const { bigquery, auth } = globalThis.officialClients;
  const authClient = new auth.PassThroughClient();
  return new bigquery.BigQuery({ projectId: project, apiEndpoint: url, authClient, autoRetry: false });
}

/** A call of the REST API for the test's project. */
export async function rest(
  emulator: Pick<TestEmulator, 'url'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${emulator.url}/bigquery/v2/projects/${PROJECT}${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: body === undefined ? undefined : { 'content-type': 'application/json' },
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

interface JobOutcome {
  readonly jobReference: { readonly jobId: string };
  readonly configuration: Record<string, Record<string, unknown>>;
  readonly status: {
    readonly state: string;
    readonly errorResult?: { reason: string; message: string; location?: string };
    readonly errors?: { reason: string; message: string; location?: string }[];
  };
  readonly statistics: Record<string, Record<string, string>>;
}

/** Inserts a job and waits until it is done. */
export async function runJob(
  emulator: Pick<TestEmulator, 'url'>,
  configuration: unknown,
  jobId?: string,
): Promise<JobOutcome> {
  const inserted = await rest(emulator, 'POST', '/jobs', {
    configuration,
    jobReference: jobId ? { jobId } : undefined,
  });
  if (inserted.status !== 200) throw new Error(JSON.stringify(inserted.body));
  const { jobReference } = inserted.body as unknown as JobOutcome;
  return finished(emulator, jobReference.jobId);
}

/** Polls the job, as clients do, until it is done. */
export async function finished(emulator: Pick<TestEmulator, 'url'>, jobId: string): Promise<JobOutcome> {
  for (;;) {
    const job = (await rest(emulator, 'GET', `/jobs/${jobId}`)).body as unknown as JobOutcome;
    if (job.status.state === 'DONE') return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Reference of a table of the test's project. */
export function tableRef(name: string): { projectId: string; datasetId: string; tableId: string } {
  const [datasetId = '', tableId = ''] = name.split('.');
  return { projectId: PROJECT, datasetId, tableId };
}

/** Creates a dataset, and tables in it with the given fields. */
export async function makeDataset(
  emulator: Pick<TestEmulator, 'url'>,
  datasetId: string,
  tables: Record<string, unknown[]> = {},
) {
  await rest(emulator, 'POST', '/datasets', { datasetReference: { datasetId } });
  for (const [tableId, fields] of Object.entries(tables)) {
    const body = { tableReference: { tableId }, schema: { fields } };
    await rest(emulator, 'POST', `/datasets/${datasetId}/tables`, body);
  }
}

/** Rows of a table as plain arrays of cells. */
export async function rowsOf(emulator: Pick<TestEmulator, 'url'>, name: string): Promise<unknown[][]> {
  const { datasetId, tableId } = tableRef(name);
  const list = await rest(emulator, 'GET', `/datasets/${datasetId}/tables/${encodeURIComponent(tableId)}/data`);
  if (list.status !== 200) throw new Error(JSON.stringify(list.body));
  const rows = (list.body['rows'] ?? []) as { f: { v: unknown }[] }[];
  return rows.map((row) => row.f.map((cell) => cell.v));
}
