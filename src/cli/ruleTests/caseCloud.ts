import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { parseObjectUrl } from '../../objects/objectUrl';
import { parseTableName, tableIdOf } from '../../rules/tableReference';
import { patternOf } from './matching';
import { plainRow } from './plainRow';
import type { ExpectedObjects, Row, TestCase } from './testCase';

/** Integers beyond 2^53, such as event IDs, become text. */
const INTEGERS = {
  integerTypeCastFunction: (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
};

/** Cloud Storage and BigQuery of one case, in its own project, through the official clients. */
export class CaseCloud {
  private readonly storage: Storage;
  private readonly bigquery: BigQuery;

  /** @param storageUrl address of the storage emulator; the BigQuery client reads BIGQUERY_EMULATOR_HOST. */
  constructor(
    private readonly projectId: string,
    storageUrl: string,
  ) {
    this.storage = new Storage({ projectId, apiEndpoint: storageUrl });
    this.bigquery = new BigQuery({ projectId, authClient: new PassThroughClient() });
  }

  /** Writes an object. */
  async put(url: string, content: string | Buffer): Promise<void> {
    const { bucket, name } = parseObjectUrl(url);
    await this.storage.bucket(bucket).file(name).save(content, { resumable: false, validation: false });
  }

  /** Makes a bucket unless it exists. */
  async makeBucket(name: string): Promise<void> {
    await this.storage.createBucket(name).catch(ignoring(409));
  }

  /** Makes the datasets, tables and rows that exist before the first upload. */
  async createTables({ datasets, tables, seedRows }: TestCase): Promise<void> {
    await Promise.all(
      datasets.map(({ dataset, project }) => this.in(project).createDataset(dataset).catch(ignoring(409))),
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

  /** All rows of a table or query; undefined when the table does not exist. */
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
      return ignoring(404)(error);
    }
  }

  /** Resource of a table; undefined when it does not exist. */
  async table(text: string): Promise<{ readonly expirationTime?: string } | undefined> {
    const { project, dataset, id } = this.nameOf(text);
    try {
      return (await this.in(project).dataset(dataset).table(id).getMetadata())[0];
    } catch (error) {
      return ignoring(404)(error);
    }
  }

  /** IDs of the tables of a dataset. */
  async tableIds(dataset: string, project?: string): Promise<readonly string[]> {
    try {
      const [tables] = await this.in(project).dataset(dataset).getTables();
      return tables.map(({ id }) => id ?? '');
    } catch (error) {
      return ignoring(404)(error) ?? [];
    }
  }

  /** URLs of the objects that match an expectation. */
  async objects({
    prefix,
    nameRe,
    contentRe,
  }: Pick<ExpectedObjects, 'prefix' | 'nameRe' | 'contentRe'>): Promise<readonly string[]> {
    const { bucket, name } = parseObjectUrl(prefix);
    const [files] = await this.storage
      .bucket(bucket)
      .getFiles({ prefix: name })
      .catch((error: unknown) => [ignoring(404)(error) ?? []]);
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
    if (!name) throw new Error(`${text}: not a table; expected [project:]dataset.table`);
    return { project: name.project ?? this.projectId, dataset: name.dataset, id: tableIdOf(name) };
  }
}

/** Ignores errors with this HTTP status, and throws others. */
function ignoring(status: number): (error: unknown) => undefined {
  return (error) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === status) return undefined;
    throw error;
  };
}
