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

/** Resources of tables by name: those given in files first, then BigQuery, if it is to be asked. */
export class TableFacts {
  private readonly missing = new Set<string>();

  /** @param bigQuery absent: a table that is not given counts as not existing. */
  constructor(
    private readonly given: ReadonlyMap<string, TableResource>,
    private readonly bigQuery?: Pick<BigQueryProjects, 'getTable' | 'locationOf'>,
  ) {}

  async getTable(table: TableReference): Promise<TableResource | undefined> {
    const known = this.given.get(tableKey(table)) ?? (await this.bigQuery?.getTable(table));
    if (!known) this.missing.add(tableKey(table));
    return known;
  }

  async locationOf(dataset: DatasetReference): Promise<string | undefined> {
    return this.bigQuery?.locationOf(dataset);
  }

  /** Names of the tables asked for that do not exist, as far as is known. */
  get absent(): readonly string[] {
    return [...this.missing].sort();
  }
}

/**
 * Reads what `--schema TABLE=FILE` gives, as `bq show --schema` or `bq show --format=json` prints it.
 *
 * @throws CommandError that names the file and what it may hold.
 */
export async function givenTables(
  pairs: readonly string[],
  defaultProject: string,
): Promise<ReadonlyMap<string, TableResource>> {
  const entries = pairs.map(async (pair): Promise<[string, TableResource]> => {
    const [, text = '', file = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    const name = parseTableName(text);
    if (!name) throw new CommandError(`--schema ${pair}: found no table and file`, 'give --schema dataset.table=FILE');
    return [tableKey(toReference(name, defaultProject)), await readTableResource(file)];
  });
  return new Map(await Promise.all(entries));
}

/**
 * A table resource from a file that holds one, or its schema only.
 *
 * @throws CommandError that names the file and what it may hold.
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
  if (!parsed.success) throw new CommandError(`${file}: no schema in it`, `allowed is ${SHAPES}`);
  const found: JsonObject = JSON.parse(JSON.stringify(parsed.data));
  const { location } = found;
  return { ...found, location: typeof location === 'string' ? location : DEFAULT_LOCATION };
}
