import type { TableField } from '@bqtail/googlesql-duckdb';
import { normalSchema } from '../fields';
import type { LoadConfiguration } from '../resources';
import type { ObjectSource, SourceObject } from '../storage/objects';
import { csvOptions, csvRecords } from './csvRecords';
import { DECIMAL } from './decimalText';
import { linesOf } from './jsonReader';
import { keyOf, NumberText, parseJson } from './jsonText';
import { dateText, datetimeText, timestampText, timeText } from './times';

const SAMPLE = 500;
const NOT_FLEXIBLE = /[^\p{L}\p{N}\p{M}\p{Pc}\p{Pd}&%=+:'<>#| -]/gu;
const NAME = /[^\p{L}\p{N}_]/gu;

/** What the values of a column show of its type. */
interface Guess {
  types: Set<string>;
  repeated: boolean;
  members: Map<string, Guess>;
}

const newGuess = (): Guess => ({ types: new Set(), repeated: false, members: new Map() });

/** Detects the schema of newline-delimited JSON files from their first rows. */
export async function detectJson(objects: ObjectSource, sources: readonly SourceObject[]): Promise<TableField[]> {
  const root = newGuess();
  let rows = 0;
  for (const source of sources) {
    for await (const { texts } of linesOf(await objects.open(source))) {
      for (const text of texts) {
        if (rows >= SAMPLE || text.trim() === '') continue;
        rows++;
        try {
          observe(root, parseJson(text));
        } catch {
          // The reader reports this row and its position.
        }
      }
      if (rows >= SAMPLE) return normalSchema(fieldsOf(root));
    }
  }
  return normalSchema(fieldsOf(root));
}

function observe(guess: Guess, value: unknown): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    guess.repeated = true;
    for (const item of value) observe(guess, item);
    return;
  }
  if (typeof value === 'object' && !(value instanceof NumberText)) {
    guess.types.add('RECORD');
    for (const [key, member] of Object.entries(value)) {
      const { name } = keyOf(key);
      const memberGuess = guess.members.get(name) ?? newGuess();
      guess.members.set(name, memberGuess);
      observe(memberGuess, member);
    }
    return;
  }
  guess.types.add(typeof value === 'boolean' ? 'BOOLEAN' : textType(value));
}

/** Whether the integer that a text writes fits into INT64. */
function isInt64(text: string): boolean {
  if (text.length < 19) return true;
  if (text.replace(/^[+-]?0*/, '').length > 19) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return value === BigInt.asIntN(64, value);
}

function textType(value: unknown): string {
  if (value instanceof NumberText) return writtenType(value.text);
  if (typeof value === 'number') return Number.isInteger(value) ? 'INTEGER' : 'FLOAT';
  return writtenType(String(value));
}

/** The type that a text looks like. The service reads texts in JSON as it reads values in CSV. */
function writtenType(text: string): string {
  if (/^[+-]?\d+$/.test(text)) return isInt64(text) ? 'INTEGER' : 'FLOAT';
  if (DECIMAL.test(text)) return 'FLOAT';
  if (/^(?:true|false)$/i.test(text)) return 'BOOLEAN';
  if (!/^\d/.test(text)) return 'STRING';
  if (dateText(text) !== undefined) return 'DATE';
  if (timeText(text) !== undefined) return 'TIME';
  if (datetimeText(text) !== undefined) return text.includes('T') ? 'DATETIME' : 'TIMESTAMP';
  return timestampText(text) === undefined ? 'STRING' : 'TIMESTAMP';
}

function typeOfGuess(types: ReadonlySet<string>): string {
  const [only] = types;
  if (only === undefined) return 'STRING';
  if (types.size === 1) return only;
  const numbers = [...types].every((type) => type === 'INTEGER' || type === 'FLOAT');
  return numbers ? 'FLOAT' : 'STRING';
}

function fieldsOf(guess: Guess): TableField[] {
  return [...guess.members].map(([name, member]) => {
    const type = typeOfGuess(member.types);
    const mode = member.repeated ? 'REPEATED' : 'NULLABLE';
    const fields = type === 'RECORD' ? fieldsOf(member) : undefined;
    return { name: name.replaceAll(NAME, '_'), type, mode, fields };
  });
}

/**
 * Detects the schema of CSV files from the first rows of the first file.
 *
 * @returns the fields, and the number of rows to skip, of which the last may be a header (`headerOf`).
 */
export async function detectCsv(
  objects: ObjectSource,
  sources: readonly SourceObject[],
  load: LoadConfiguration,
): Promise<{ fields: TableField[]; skip: number }> {
  const options = csvOptions(load);
  const rows: string[][] = [];
  const [first] = sources;
  if (!first) return { fields: [], skip: options.skip };
  for await (const record of csvRecords(await objects.open(first), options)) {
    if (!record.problem) rows.push(record.values);
    if (rows.length >= SAMPLE) break;
  }
  const header = headerOf(rows, load.skipLeadingRows === undefined ? undefined : options.skip);
  const skip = header ? Math.max(1, options.skip) : options.skip;
  const data = rows.slice(skip);
  const width = Math.max(...rows.map((row) => row.length), 0);
  const fields = Array.from({ length: width }, (_, place) => {
    const types = new Set(data.flatMap((row) => (row[place] ? [writtenType(row[place])] : [])));
    const name = columnName(header?.[place]?.trim() ?? '', load) || `${sqlTypeName(types)}_field_${place}`;
    return { name, type: typeOfGuess(types), mode: 'NULLABLE' };
  });
  return { fields: normalSchema(fields), skip };
}

/** A column name, made of a name in the file's header. */
function columnName(name: string, { columnNameCharacterMap: map }: LoadConfiguration): string {
  if (map === 'STRICT') return name;
  if (map === 'V1') return name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');
  return name.replaceAll(map === 'V2' ? NOT_FLEXIBLE : NAME, '_');
}

/**
 * The row of column names: the last skipped row, or without `skipLeadingRows` the first row, if all its values are plain
 * text and a later row has a value of another type. With 0 there is none.
 */
function headerOf(rows: readonly string[][], skip: number | undefined): string[] | undefined {
  if (skip === 0) return undefined;
  const [first, ...rest] = rows.slice((skip ?? 1) - 1);
  if (!first?.every((text) => text !== '' && writtenType(text) === 'STRING')) return undefined;
  const typed = rest.some((row) => row.some((text) => text !== '' && writtenType(text) !== 'STRING'));
  return typed ? first : undefined;
}

/** The type in lower case, for the names that the service makes up for columns without a header. */
function sqlTypeName(types: ReadonlySet<string>): string {
  const names: Record<string, string> = { INTEGER: 'int64', FLOAT: 'double', BOOLEAN: 'bool' };
  const type = typeOfGuess(types);
  return names[type] ?? type.toLowerCase();
}
