import type { Services } from '@bqtail/local-stack';
import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import type { AppNames } from '../src/cli/dev/appConfig';
import { DATASET, type DataFile, TARGETS, TEMPORARY } from './workload';

const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING' },
];

/** The run's own access to the emulators: prepares rules and tables, uploads files, and reads the results. */
export class Emulators {
  private readonly storage: Storage;
  private readonly bigQuery: BigQuery;

  constructor(
    private readonly services: Services,
    private readonly names: AppNames,
  ) {
    process.env['BIGQUERY_EMULATOR_HOST'] = services.bigquery;
    this.storage = new Storage({ projectId: names.project, apiEndpoint: services.storage });
    this.bigQuery = new BigQuery({ projectId: names.project, authClient: new PassThroughClient() });
  }

  /** Creates tables and rules, and sends the events to `pushEndpoint` in place of the bridge. */
  async prepare(pushEndpoint: string): Promise<void> {
    await this.bigQuery.createDataset(DATASET);
    for (const { name, rule } of TARGETS) {
      await this.bigQuery.dataset(DATASET).createTable(name, { schema: SCHEMA });
      const file = this.storage.bucket(this.names.configBucket).file(`BqTail/Rules/${name}.json`);
      await file.save(JSON.stringify(rule), { resumable: false });
    }
    const { project, triggerBucket } = this.names;
    const url = `http://${this.services.pubsub}/v1/projects/${project}/subscriptions/${triggerBucket}:modifyPushConfig`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ pushConfig: { pushEndpoint } }),
    });
    if (!answer.ok) throw new Error(`events could not be led to ${pushEndpoint}: ${answer.status}`);
  }

  async upload({ path, text }: DataFile): Promise<void> {
    await this.storage.bucket(this.names.triggerBucket).file(path).save(text, { resumable: false });
  }

  /** IDs of the rows of a table, with duplicates. */
  async ids(table: string): Promise<number[]> {
    const [rows] = await this.bigQuery.query(`SELECT id FROM ${DATASET}.${table} ORDER BY id`);
    return rows.map(({ id }) => Number(id));
  }

  /** Names of the objects in both buckets. */
  async objects(): Promise<string[]> {
    const buckets = [this.names.triggerBucket, this.names.opsBucket];
    const listed = await Promise.all(buckets.map(async (name) => (await this.storage.bucket(name).getFiles())[0]));
    return listed.flat().map((file) => `${file.bucket.name}/${file.name}`);
  }

  /** States of the ledger entries, by object. */
  async ledger(): Promise<Map<string, string>> {
    const [files] = await this.storage.bucket(this.names.opsBucket).getFiles({ prefix: 'BqTail/Journal/Ledger/' });
    const parts = files.flatMap(({ name, metadata }) => {
      const state = metadata.metadata?.['bqtail-state'];
      return typeof state === 'string' ? [[name, state] as const] : [];
    });
    return new Map(parts);
  }

  /** Tables other than the targets. */
  async otherTables(): Promise<string[]> {
    const known = new Set(TARGETS.map(({ name }) => name));
    const [datasets] = await this.bigQuery.getDatasets();
    const found = await Promise.all(
      datasets
        .filter(({ id }) => id === DATASET || id === TEMPORARY)
        .map(async (dataset) =>
          (await dataset.getTables())[0].map(({ id }) => ({ dataset: dataset.id, id: String(id) })),
        ),
    );
    return found
      .flat()
      .filter(({ dataset, id }) => dataset === TEMPORARY || !known.has(id))
      .map(({ dataset, id }) => `${dataset}.${id}`);
  }
}
