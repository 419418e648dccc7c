import type { TableField } from '@bqtail/googlesql-duckdb';
import { z } from 'zod';

/** Bodies of requests. The API takes numbers for texts that hold numbers, and null for what is absent. */

const text = z.coerce.string();
const flag = z.union([z.boolean(), z.stringbool()]);
const count = z.coerce.number().int();
const labels = z.record(z.string(), z.string());

function some<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(withoutNulls, z.looseObject(shape).partial());
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

export const datasetReference = z.looseObject({ projectId: z.string().optional(), datasetId: z.string() });

export const tableReference = z.looseObject({
  projectId: z.string(),
  datasetId: z.string(),
  tableId: z.string(),
});

const field: z.ZodType<TableField> = z.lazy(() =>
  z.preprocess(
    withoutNulls,
    z.looseObject({
      name: z.string(),
      type: z.string(),
      mode: z.string().optional(),
      description: z.string().optional(),
      fields: z.array(field).optional(),
      maxLength: text.optional(),
      precision: text.optional(),
      scale: text.optional(),
    }),
  ),
);

const schema = some({ fields: z.array(field) });
const timePartitioning = some({
  type: z.string(),
  field: z.string(),
  expirationMs: text,
  requirePartitionFilter: flag,
});
const rangePartitioning = some({ field: z.string(), range: some({ start: text, end: text, interval: text }) });
const clustering = some({ fields: z.array(z.string()) });

export const datasetBody = some({
  datasetReference: some({ projectId: z.string(), datasetId: z.string() }),
  friendlyName: z.string(),
  description: z.string(),
  location: z.string(),
  defaultTableExpirationMs: text,
  defaultPartitionExpirationMs: text,
  labels,
  access: z.array(z.unknown()),
});

export const tableBody = some({
  tableReference: some({ projectId: z.string(), datasetId: z.string(), tableId: z.string() }),
  friendlyName: z.string(),
  description: z.string(),
  labels,
  schema,
  timePartitioning,
  rangePartitioning,
  clustering,
  requirePartitionFilter: flag,
  view: some({ query: z.string(), useLegacySql: flag }),
  expirationTime: text,
});

/** What PATCH and PUT send: null in it means 'take it away'. */
export const patchBody = z.looseObject({});

const dispositions = {
  createDisposition: z.string(),
  writeDisposition: z.string(),
  schemaUpdateOptions: z.array(z.string()),
};
const shape = { timePartitioning, rangePartitioning, clustering };

const load = some({
  ...dispositions,
  ...shape,
  sourceUris: z.array(z.string()),
  schema,
  destinationTable: tableReference,
  sourceFormat: z.string(),
  autodetect: flag,
  ignoreUnknownValues: flag,
  maxBadRecords: count,
  fieldDelimiter: z.string(),
  quote: z.string(),
  skipLeadingRows: count,
  allowQuotedNewlines: flag,
  allowJaggedRows: flag,
  nullMarker: z.string(),
  nullMarkers: z.array(z.string()),
  encoding: z.string(),
  preserveAsciiControlCharacters: flag,
  sourceColumnMatch: z.string(),
  columnNameCharacterMap: z.string(),
  decimalTargetTypes: z.array(z.string()),
  useAvroLogicalTypes: flag,
  parquetOptions: some({ enableListInference: flag, enumAsString: flag }),
  destinationTableProperties: some({
    description: z.string(),
    friendlyName: z.string(),
    labels,
    expirationTime: text,
  }),
});

const copy = some({
  ...dispositions,
  sourceTable: tableReference,
  sourceTables: z.array(tableReference),
  destinationTable: tableReference,
  operationType: z.string(),
  destinationExpirationTime: text,
});

const extract = some({
  sourceTable: tableReference,
  destinationUri: z.string(),
  destinationUris: z.array(z.string()),
  destinationFormat: z.string(),
  compression: z.string(),
  fieldDelimiter: z.string(),
  printHeader: flag,
  useAvroLogicalTypes: flag,
});

const defaultDataset = z.looseObject({ projectId: z.string().optional(), datasetId: z.string() });
const queryParameters = z.array(
  z.looseObject({
    name: z
      .string()
      .nullish()
      .transform((name) => name ?? undefined),
  }),
);

const connectionProperties = z.array(some({ key: z.string(), value: text }));

const query = some({
  ...dispositions,
  ...shape,
  query: z.string(),
  useLegacySql: flag,
  destinationTable: tableReference,
  defaultDataset,
  parameterMode: z.string(),
  queryParameters,
  priority: z.string(),
  useQueryCache: flag,
  maximumBytesBilled: text,
  createSession: flag,
  connectionProperties,
});

export const jobBody = some({
  jobReference: some({ projectId: z.string(), jobId: z.string(), location: z.string() }),
  configuration: some({ labels, dryRun: flag, jobTimeoutMs: text, load, copy, extract, query }),
});

export const queryBody = some({
  query: z.string(),
  useLegacySql: flag,
  defaultDataset,
  maxResults: count.min(0),
  timeoutMs: count,
  dryRun: flag,
  useQueryCache: flag,
  parameterMode: z.string(),
  queryParameters,
  labels,
  location: z.string(),
  requestId: z.string(),
  maximumBytesBilled: text,
  jobTimeoutMs: text,
  jobCreationMode: z.string(),
  createSession: flag,
  connectionProperties,
  formatOptions: some({ useInt64Timestamp: flag, timestampOutputFormat: z.string() }),
});

export const permissionsBody = some({ permissions: z.array(z.string()) });

export const insertAllBody = some({
  rows: z.array(some({ insertId: z.string(), json: z.looseObject({}) })),
  skipInvalidRows: flag,
  ignoreUnknownValues: flag,
  templateSuffix: z.string(),
});
