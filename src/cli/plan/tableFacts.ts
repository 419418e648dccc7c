import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BigQueryProjects, TableResource } from '../../activities/bigquery/bigQueryProjects';
import { errorText } from '../../errorText';
import { type DatasetReference, tableKey } from '../../plan/facts';
import { parseTableName, type TableReference, toReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import { CommandError } from '../commandError';

const fields = z.array(z.looseObject({ name: z.string().min(1), type: z.string().min(1) })).min(1);
const schemaFile = z.union([
  z.looseObject({ schema: z.looseObject({ fields }) }),
  z.looseObject({ fields }).transform((schema) => ({ schema })),
  fields.transform((list) => ({ schema: { fields: list } })),
]);

const DEFAULT_LOCATION = 'US';
const SHAPES = 'a list of fields {name, type, mode}, an object with "fields", or a table resource with "schema"';

/** Resources of tables: those of `--schema` first, then those of BigQuery. */
export class TableFacts {
  private readonly missing = new Set<string>();

  /** @param bigQuery absent: other tables count as missing. */
  constructor(
    private readonly given: ReadonlyMap<string, TableResource>,
    private readonly bigQuery?: Pick<BigQueryProjects, 'getTable' | 'locationOf'>,
  ) {}

  async getTable(table: TableReference): Promise<TableResource | undefined> {
    const resource = this.given.get(tableKey(table)) ?? (await this.bigQuery?.getTable(table));
    if (!resource) this.missing.add(tableKey(table));
    return resource;
  }

  async locationOf(dataset: DatasetReference): Promise<string | undefined> {
    return this.bigQuery?.locationOf(dataset);
  }

  /** Names of the requested tables that were not found. */
  get absent(): readonly string[] {
    return [...this.missing].sort();
  }
}

/**
 * Reads the tables of `--schema TABLE=FILE` options. A file holds what `bq show --schema` or `bq show --format=json` prints.
 *
 * @throws CommandError that names the file and the allowed content.
 */
export async function givenTables(
  pairs: readonly string[],
  defaultProject: string,
): Promise<ReadonlyMap<string, TableResource>> {
  const entries = pairs.map(async (pair): Promise<[string, TableResource]> => {
    const [, text = '', file = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    const name = parseTableName(text);
    if (!name) throw new CommandError(`--schema ${pair}: not a table and a file`, 'give --schema dataset.table=FILE');
    return [tableKey(toReference(name, defaultProject)), await readTableResource(file)];
  });
  return new Map(await Promise.all(entries));
}

/**
 * Reads a table resource, or a schema as a table resource.
 *
 * @throws CommandError that names the file and the allowed content.
 */
export async function readTableResource(file: string): Promise<TableResource> {
  let text: string;
  let data: unknown;
  try {
    text = await readFile(file, 'utf8');
    data = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file}: cannot be read as JSON: ${errorText(error)}`);
  }
  const parsed = schemaFile.safeParse(data);
  if (!parsed.success) throw new CommandError(`${file}: contains no schema`, `allowed is ${SHAPES}`);
  const resource: JsonObject = JSON.parse(JSON.stringify(parsed.data));
  const { location } = resource;
  return { ...resource, location: typeof location === 'string' ? location : DEFAULT_LOCATION };
}
