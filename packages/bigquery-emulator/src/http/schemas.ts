import type { TableField } from '@bqtail/googlesql-duckdb';
import { z } from 'zod';

/** Schemas of request bodies. As the API does, they accept a number for a string, and null for an absent member. */

const text = z.coerce.string();
const flag = z.union([z.boolean(), z.stringbool()]);
const count = z.coerce.number().int();
const labels = z.record(z.string(), z.string());

/** An object whose members are all optional; unknown members are kept. */
function partialObject<T extends z.ZodRawShape>(shape: T) {
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

const schema = partialObject({ fields: z.array(field) });
const timePartitioning = partialObject({
  type: z.string(),
  field: z.string(),
  expirationMs: text,
  requirePartitionFilter: flag,
});
const rangePartitioning = partialObject({
  field: z.string(),
  range: partialObject({ start: text, end: text, interval: text }),
});
const clustering = partialObject({ fields: z.array(z.string()) });

export const datasetBody = partialObject({
  datasetReference: partialObject({ projectId: z.string(), datasetId: z.string() }),
  friendlyName: z.string(),
  description: z.string(),
  location: z.string(),
  defaultTableExpirationMs: text,
  defaultPartitionExpirationMs: text,
  labels,
  access: z.array(z.unknown()),
});

export const tableBody = partialObject({
  tableReference: partialObject({ projectId: z.string(), datasetId: z.string(), tableId: z.string() }),
  friendlyName: z.string(),
  description: z.string(),
  labels,
  schema,
  timePartitioning,
  rangePartitioning,
  clustering,
  requirePartitionFilter: flag,
  view: partialObject({ query: z.string(), useLegacySql: flag }),
  expirationTime: text,
});

/** The body of PATCH and PUT, in which null removes a member. */
export const patchBody = z.looseObject({});

const dispositions = {
  createDisposition: z.string(),
  writeDisposition: z.string(),
  schemaUpdateOptions: z.array(z.string()),
};
const tableLayout = { timePartitioning, rangePartitioning, clustering };

const load = partialObject({
  ...dispositions,
  ...tableLayout,
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
  parquetOptions: partialObject({ enableListInference: flag, enumAsString: flag }),
  destinationTableProperties: partialObject({
    description: z.string(),
    friendlyName: z.string(),
    labels,
    expirationTime: text,
  }),
});

const copy = partialObject({
  ...dispositions,
  sourceTable: tableReference,
  sourceTables: z.array(tableReference),
  destinationTable: tableReference,
  operationType: z.string(),
  destinationExpirationTime: text,
});

const extract = partialObject({
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

const connectionProperties = z.array(partialObject({ key: z.string(), value: text }));

const query = partialObject({
  ...dispositions,
  ...tableLayout,
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

export const jobBody = partialObject({
  jobReference: partialObject({ projectId: z.string(), jobId: z.string(), location: z.string() }),
  configuration: partialObject({ labels, dryRun: flag, jobTimeoutMs: text, load, copy, extract, query }),
});

export const queryBody = partialObject({
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
  formatOptions: partialObject({ useInt64Timestamp: flag, timestampOutputFormat: z.string() }),
});

export const permissionsBody = partialObject({ permissions: z.array(z.string()) });

export const insertAllBody = partialObject({
  rows: z.array(partialObject({ insertId: z.string(), json: z.looseObject({}) })),
  skipInvalidRows: flag,
  ignoreUnknownValues: flag,
  templateSuffix: z.string(),
});
