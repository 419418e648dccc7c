import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { parseObjectUrl } from '../../objects/objectUrl';
import { parseTableName, tableIdOf } from '../../rules/tableReference';
import { patternOf } from './matching';
import { plainRow } from './plainRow';
import type { ExpectedObjects, Row, TestCase } from './testCase';

/** Integers beyond 2^53, event IDs among them, come as text. */
const INTEGERS = {
  integerTypeCastFunction: (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
};

/** Storage and BigQuery of one case, in a project of its own, by the official clients. */
export class CaseCloud {
  private readonly storage: Storage;
  private readonly bigquery: BigQuery;

  /** @param storageUrl address of the local Cloud Storage; BigQuery's stands in BIGQUERY_EMULATOR_HOST. */
  constructor(
    private readonly projectId: string,
    storageUrl: string,
  ) {
    this.storage = new Storage({ projectId, apiEndpoint: storageUrl });
    this.bigquery = new BigQuery({ projectId, authClient: new PassThroughClient() });
  }

  async put(url: string, content: string | Buffer): Promise<void> {
    const { bucket, name } = parseObjectUrl(url);
    await this.storage.bucket(bucket).file(name).save(content, { resumable: false, validation: false });
  }

  /** Makes a bucket unless it is there. */
  async makeBucket(name: string): Promise<void> {
    await this.storage.createBucket(name).catch(unless(409));
  }

  /** Datasets, tables and their rows, as they are before the first upload. */
  async createTables({ datasets, tables, seedRows }: TestCase): Promise<void> {
    await Promise.all(
      datasets.map(({ dataset, project }) => this.in(project).createDataset(dataset).catch(unless(409))),
    );
    await Promise.all(
      tables.map(async ({ table, schema, shared: _shared, ...resource }) => {
        const { project, dataset, id } = this.nameOf(table);
        await this.in(project)
          .dataset(dataset)
          .createTable(id, { ...structuredClone(resource), schema: { fields: schema } });
        const rows = seedRows.filter((seed) => seed.table === table).flatMap((seed) => seed.rows);
        if (rows.length > 0) await this.in(project).dataset(dataset).table(id).insert(structuredClone(rows));
      }),
    );
  }

  /** All rows of a table or query; undefined when there is no such table. */
  async rows({
    table,
    query,
  }: {
    readonly table?: string | undefined;
    readonly query?: string | undefined;
  }): Promise<readonly Row[] | undefined> {
    try {
      if (query !== undefined)
        return (await this.bigquery.query({ query, useQueryCache: false }, { wrapIntegers: INTEGERS }))[0].map(
          plainRow,
        );
      const { project, dataset, id } = this.nameOf(table ?? '');
      const [rows] = await this.in(project).dataset(dataset).table(id).getRows({ wrapIntegers: INTEGERS });
      return rows.map(plainRow);
    } catch (error) {
      return unless(404)(error);
    }
  }

  /** Resource of a table; undefined when there is none. */
  async table(text: string): Promise<{ readonly expirationTime?: string } | undefined> {
    const { project, dataset, id } = this.nameOf(text);
    try {
      return (await this.in(project).dataset(dataset).table(id).getMetadata())[0];
    } catch (error) {
      return unless(404)(error);
    }
  }

  /** IDs of the tables of a dataset. */
  async tableIds(dataset: string, project?: string): Promise<readonly string[]> {
    try {
      const [tables] = await this.in(project).dataset(dataset).getTables();
      return tables.map(({ id }) => id ?? '');
    } catch (error) {
      return unless(404)(error) ?? [];
    }
  }

  /** URLs of the objects of an expectation. */
  async objects({
    prefix,
    nameRe,
    contentRe,
  }: Pick<ExpectedObjects, 'prefix' | 'nameRe' | 'contentRe'>): Promise<readonly string[]> {
    const { bucket, name } = parseObjectUrl(prefix);
    const [files] = await this.storage
      .bucket(bucket)
      .getFiles({ prefix: name })
      .catch((error: unknown) => [unless(404)(error) ?? []]);
    const named = files.filter((file) => !file.name.endsWith('/') && (!nameRe || patternOf(nameRe).test(file.name)));
    const fit = await Promise.all(
      named.map(async (file) => !contentRe || patternOf(contentRe).test((await file.download())[0].toString('utf8'))),
    );
    return named.filter((_file, at) => fit[at]).map((file) => `gs://${bucket}/${file.name}`);
  }

  private in(project: string | undefined): BigQuery {
    if (project === undefined || project === this.projectId) return this.bigquery;
    return new BigQuery({ projectId: project, authClient: new PassThroughClient() });
  }

  private nameOf(text: string): { readonly project: string; readonly dataset: string; readonly id: string } {
    const name = parseTableName(text);
    if (!name) throw new Error(`${text} is no table; expected [project:]dataset.table`);
    return { project: name.project ?? this.projectId, dataset: name.dataset, id: tableIdOf(name) };
  }
}

/** Swallows an error of that HTTP status. */
function unless(status: number): (error: unknown) => undefined {
  return (error) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === status) return undefined;
    throw error;
  };
}
