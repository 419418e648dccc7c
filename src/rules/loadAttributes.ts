import { z } from 'zod';

/** BigQuery writes 64-bit integers as strings. viant/bqtail accepts strings only; numbers are accepted here too. */
const int64 = z.union([z.string(), z.int()]);
const strings = z.array(z.string());

const timePartitioning = z.object({
  type: z.string().optional(),
  field: z.string().optional(),
  expirationMs: int64.optional(),
  requirePartitionFilter: z.boolean().optional(),
});

const rangePartitioning = z.object({
  field: z.string().optional(),
  range: z.object({ start: int64.optional(), end: int64.optional(), interval: int64.optional() }).optional(),
});

const hivePartitioningOptions = z.object({
  mode: z.string().optional(),
  sourceUriPrefix: z.string().optional(),
  requirePartitionFilter: z.boolean().optional(),
  fields: strings.optional(),
});

const parquetOptions = z.object({
  enumAsString: z.boolean().optional(),
  enableListInference: z.boolean().optional(),
  mapTargetType: z.string().optional(),
});

const destinationTableProperties = z.object({
  friendlyName: z.string().optional(),
  description: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  expirationTime: z.string().optional(),
});

/**
 * Fields of BigQuery's `JobConfigurationLoad` by their REST names, except those that bqtail sets: destinationTable, sourceUris,
 * schema. In a rule they are keys of Dest, next to its own keys.
 */
export const loadAttributes = z.object({
  allowJaggedRows: z.boolean().optional(),
  allowQuotedNewlines: z.boolean().optional(),
  autodetect: z.boolean().optional(),
  clustering: z.object({ fields: strings.optional() }).optional(),
  columnNameCharacterMap: z.string().optional(),
  connectionProperties: z.array(z.object({ key: z.string().optional(), value: z.string().optional() })).optional(),
  copyFilesOnly: z.boolean().optional(),
  createDisposition: z.string().optional(),
  createSession: z.boolean().optional(),
  dateFormat: z.string().optional(),
  datetimeFormat: z.string().optional(),
  decimalTargetTypes: strings.optional(),
  destinationEncryptionConfiguration: z.object({ kmsKeyName: z.string().optional() }).optional(),
  destinationTableProperties: destinationTableProperties.optional(),
  encoding: z.string().optional(),
  fieldDelimiter: z.string().optional(),
  fileSetSpecType: z.string().optional(),
  hivePartitioningOptions: hivePartitioningOptions.optional(),
  ignoreUnknownValues: z.boolean().optional(),
  jsonExtension: z.string().optional(),
  maxBadRecords: z.int().min(0).optional(),
  nullMarker: z.string().optional(),
  nullMarkers: strings.optional(),
  parquetOptions: parquetOptions.optional(),
  preserveAsciiControlCharacters: z.boolean().optional(),
  projectionFields: strings.optional(),
  quote: z.string().optional(),
  rangePartitioning: rangePartitioning.optional(),
  referenceFileSchemaUri: z.string().optional(),
  schemaInline: z.string().optional(),
  schemaInlineFormat: z.string().optional(),
  schemaUpdateOptions: strings.optional(),
  skipLeadingRows: z.int().min(0).optional(),
  sourceColumnMatch: z.string().optional(),
  sourceFormat: z.string().optional(),
  timeFormat: z.string().optional(),
  timePartitioning: timePartitioning.optional(),
  timeZone: z.string().optional(),
  timestampFormat: z.string().optional(),
  timestampTargetPrecision: z.array(z.int()).optional(),
  useAvroLogicalTypes: z.boolean().optional(),
  writeDisposition: z.string().optional(),
});

export type LoadAttributes = Readonly<z.infer<typeof loadAttributes>>;

/**
 * Values that BigQuery documents. Any other value is a warning, not a refusal: BigQuery may support new values in the meantime.
 */
export const documentedValues = {
  createDisposition: ['CREATE_IF_NEEDED', 'CREATE_NEVER'],
  decimalTargetTypes: ['NUMERIC', 'BIGNUMERIC', 'STRING'],
  encoding: ['UTF-8', 'ISO-8859-1', 'UTF-16BE', 'UTF-16LE', 'UTF-32BE', 'UTF-32LE'],
  jsonExtension: ['GEOJSON'],
  schemaUpdateOptions: ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'],
  sourceFormat: ['CSV', 'DATASTORE_BACKUP', 'NEWLINE_DELIMITED_JSON', 'AVRO', 'PARQUET', 'ORC'],
  writeDisposition: ['WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_TRUNCATE_DATA', 'WRITE_EMPTY'],
} as const satisfies Partial<Record<keyof LoadAttributes, readonly string[]>>;
