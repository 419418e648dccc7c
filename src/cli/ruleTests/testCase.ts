import { z } from 'zod';
import type { JsonValue } from '../../rules/types';
import { CommandError } from '../commandError';

const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
const row = z.record(z.string(), json);
const count = z.number().int().nonnegative();
/** `gs://bucket/…`, or a placeholder for its beginning. */
const objectUrl = z.string().regex(/^(?:gs:\/\/|\$\{\w+\})/);
const project = z.string().min(1).optional();

const upload = z.object({
  /** `gs://bucket/path`. */
  url: objectUrl,
  /** Time after the first upload, milliseconds. */
  afterMs: count.default(0),
  text: z.string().optional(),
  contentBase64: z.string().optional(),
  /** Whether placeholders are expanded in the text too, not only in the URL. */
  expand: z.boolean().default(false),
  /** Number of files, numbered by `${i}` in URL and text. */
  times: count.optional(),
  start: count.default(0),
  everyMs: count.default(0),
});

const tableRows = z.object({
  table: z.string().optional(),
  query: z.string().optional(),
  rows: z.array(row),
  /** Whether other rows are an error. */
  exact: z.boolean().default(false),
  /** Columns that identify a row. */
  indexBy: z.array(z.string()).default([]),
});

const objects = z.object({
  kind: z.string().default('objects'),
  /** `gs://bucket/prefix`. */
  prefix: objectUrl,
  nameRe: z.string().optional(),
  contentRe: z.string().optional(),
  minCount: count.default(0),
  maxCount: count.optional(),
});

/**
 * A test of rules: the state before, the uploads, and the expected state afterwards. Both case formats are read into this
 * shape, which is that of `case.json`.
 */
export const testCase = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  feature: z.string().default(''),
  /** Rules as data, or as the text of a file with its name. */
  rules: z.array(z.union([z.object({ file: z.string(), text: z.string() }), z.record(z.string(), json)])).min(1),
  resources: z.array(z.object({ url: z.string(), text: z.string() })).default([]),
  datasets: z.array(z.object({ dataset: z.string(), project })).default([]),
  tables: z.array(z.looseObject({ table: z.string(), schema: z.array(row) })).default([]),
  seedRows: z.array(z.object({ table: z.string(), rows: z.array(row) })).default([]),
  uploads: z.array(upload),
  /** Maximum time after the last upload, seconds. */
  waitSec: z.number().positive().default(60),
  alignWindowSec: z.number().positive().optional(),
  expectTables: z.array(tableRows).default([]),
  expectObjects: z.array(objects).default([]),
  expectNoTables: z.array(z.object({ dataset: z.string(), nameRe: z.string(), project })).default([]),
  expectTableMeta: z.array(z.object({ table: z.string(), expires: z.boolean() })).default([]),
  expectHttp: z
    .array(z.object({ path: z.string(), method: z.string(), minCount: count, bodyRe: z.string().optional() }))
    .default([]),
  expectPubsub: z
    .array(z.object({ topic: z.string(), minCount: count, attributes: row.default({}), json: json.default({}) }))
    .default([]),
  /** Failure types with which workflows must end; absent: failures are not checked. */
  expectFailures: z.array(z.string()).optional(),
  /** Whether windows are loaded only when they are due. */
  waitUntilDue: z.boolean().default(false),
  /** Settings over those of the runner. */
  config: z.record(z.string(), json).default({}),
});

export type TestCase = z.infer<typeof testCase>;
export type Upload = TestCase['uploads'][number];
export type ExpectedRows = TestCase['expectTables'][number];
export type ExpectedObjects = TestCase['expectObjects'][number];
export type Row = z.infer<typeof row>;

/** Name of a case in reports and for `--filter`. */
export function labelOf({ id, name }: Pick<TestCase, 'id' | 'name'>): string {
  return name === '' ? id : `${id}_${name}`;
}

/**
 * Parses data of a case by a schema.
 *
 * @param file source of the data, for messages.
 * @throws CommandError with all problems.
 */
export function checked<T>(schema: z.ZodType<T>, data: unknown, file: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`);
  throw new CommandError(lines.join('\n'));
}
