import type {
  Clustering,
  ProjectDataset,
  QueryParameter,
  RangePartitioning,
  StackFrame,
  TableConstraints,
  TableField,
  TableReference,
  TimePartitioning,
} from '@bqtail/googlesql-duckdb';

/** Resources of the BigQuery REST API v2, with the members that the emulator uses. */

export interface TableSchema {
  fields?: TableField[];
}

export interface DatasetResource {
  kind?: string;
  id?: string;
  etag?: string;
  selfLink?: string;
  datasetReference: ProjectDataset;
  friendlyName?: string;
  description?: string;
  location?: string;
  type?: string;
  labels?: Record<string, string>;
  access?: unknown[];
  defaultTableExpirationMs?: string;
  defaultPartitionExpirationMs?: string;
  creationTime?: string;
  lastModifiedTime?: string;
}

export interface TableResource {
  kind?: string;
  id?: string;
  etag?: string;
  selfLink?: string;
  tableReference: TableReference;
  type?: string;
  friendlyName?: string;
  description?: string;
  labels?: Record<string, string>;
  schema?: TableSchema;
  timePartitioning?: TimePartitioning;
  rangePartitioning?: RangePartitioning;
  clustering?: Clustering;
  requirePartitionFilter?: boolean;
  tableConstraints?: TableConstraints;
  view?: { query?: string; useLegacySql?: boolean };
  materializedView?: { query?: string };
  expirationTime?: string;
  creationTime?: string;
  lastModifiedTime?: string;
  location?: string;
  numRows?: string;
  numBytes?: string;
  numLongTermBytes?: string;
  numTotalLogicalBytes?: string;
  numActiveLogicalBytes?: string;
  numLongTermLogicalBytes?: string;
}

export interface ErrorProto {
  reason: string;
  message: string;
  location?: string;
}

export interface JobReference {
  projectId: string;
  jobId: string;
  location?: string;
}

export interface LoadConfiguration {
  sourceUris?: string[];
  schema?: TableSchema;
  destinationTable?: TableReference;
  sourceFormat?: string;
  createDisposition?: string;
  writeDisposition?: string;
  schemaUpdateOptions?: string[];
  autodetect?: boolean;
  ignoreUnknownValues?: boolean;
  maxBadRecords?: number | string;
  fieldDelimiter?: string;
  quote?: string;
  skipLeadingRows?: number | string;
  allowQuotedNewlines?: boolean;
  allowJaggedRows?: boolean;
  nullMarker?: string;
  nullMarkers?: string[];
  encoding?: string;
  preserveAsciiControlCharacters?: boolean;
  sourceColumnMatch?: string;
  columnNameCharacterMap?: string;
  decimalTargetTypes?: string[];
  useAvroLogicalTypes?: boolean;
  timePartitioning?: TimePartitioning;
  rangePartitioning?: RangePartitioning;
  clustering?: Clustering;
  projectionFields?: string[];
  parquetOptions?: { enableListInference?: boolean; enumAsString?: boolean };
  destinationTableProperties?: {
    description?: string;
    friendlyName?: string;
    labels?: Record<string, string>;
    expirationTime?: string;
  };
}

export interface CopyConfiguration {
  sourceTable?: TableReference;
  sourceTables?: TableReference[];
  destinationTable?: TableReference;
  createDisposition?: string;
  writeDisposition?: string;
  operationType?: string;
  destinationExpirationTime?: string;
}

export interface ExtractConfiguration {
  sourceTable?: TableReference;
  destinationUri?: string;
  destinationUris?: string[];
  destinationFormat?: string;
  compression?: string;
  fieldDelimiter?: string;
  printHeader?: boolean;
  useAvroLogicalTypes?: boolean;
}

export interface QueryConfiguration {
  query?: string;
  useLegacySql?: boolean;
  destinationTable?: TableReference;
  defaultDataset?: { projectId?: string; datasetId: string };
  createDisposition?: string;
  writeDisposition?: string;
  schemaUpdateOptions?: string[];
  parameterMode?: string;
  queryParameters?: QueryParameter[];
  timePartitioning?: TimePartitioning;
  rangePartitioning?: RangePartitioning;
  clustering?: Clustering;
  priority?: string;
  useQueryCache?: boolean;
  allowLargeResults?: boolean;
  flattenResults?: boolean;
  maximumBytesBilled?: string;
  createSession?: boolean;
  connectionProperties?: { key?: string; value?: string }[];
}

export interface JobConfiguration {
  jobType?: string;
  labels?: Record<string, string>;
  dryRun?: boolean;
  jobTimeoutMs?: string;
  load?: LoadConfiguration;
  copy?: CopyConfiguration;
  extract?: ExtractConfiguration;
  query?: QueryConfiguration;
}

export interface QueryStatistics {
  statementType?: string;
  totalBytesProcessed?: string;
  totalBytesProcessedAccuracy?: string;
  totalBytesBilled?: string;
  cacheHit?: boolean;
  schema?: TableSchema;
  numDmlAffectedRows?: string;
  dmlStats?: { insertedRowCount?: string; updatedRowCount?: string; deletedRowCount?: string };
  ddlOperationPerformed?: string;
  ddlTargetTable?: TableReference;
  ddlTargetDataset?: ProjectDataset;
  ddlTargetRoutine?: ProjectDataset & { readonly routineId: string };
  referencedTables?: TableReference[];
  totalSlotMs?: string;
  billingTier?: number;
}

export interface JobStatistics {
  creationTime?: string;
  startTime?: string;
  endTime?: string;
  totalBytesProcessed?: string;
  totalSlotMs?: string;
  parentJobId?: string;
  sessionInfo?: { sessionId: string };
  finalExecutionDurationMs?: string;
  numChildJobs?: string;
  scriptStatistics?: { evaluationKind?: string; stackFrames?: readonly StackFrame[] };
  load?: {
    inputFiles?: string;
    inputFileBytes?: string;
    outputRows?: string;
    outputBytes?: string;
    badRecords?: string;
  };
  copy?: { copiedRows?: string; copiedLogicalBytes?: string };
  extract?: { destinationUriFileCounts?: string[]; inputBytes?: string };
  query?: QueryStatistics;
}

export interface JobResource {
  kind?: string;
  etag?: string;
  id?: string;
  selfLink?: string;
  user_email?: string;
  principal_subject?: string;
  jobReference: JobReference;
  configuration: JobConfiguration;
  statistics: JobStatistics;
  status: { state: string; errorResult?: ErrorProto; errors?: ErrorProto[] };
  jobCreationReason?: { code: string };
}

/** `project:dataset.table`, as in the service's messages. */
export function tableName(ref: TableReference): string {
  return `${ref.projectId}:${ref.datasetId}.${ref.tableId}`;
}
