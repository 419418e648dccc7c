/** GoogleSQL for DuckDB: translates queries and scripts, and provides BigQuery's functions, types and error messages. */

export type {
  AlterAction,
  CatalogChange,
  DatasetInfo,
  Outcome,
  SchemaOptions,
  SqlCatalog,
  Statement,
  StatementKind,
  TableInfo,
  TableOptions,
} from './contract';
export { ELEMENT, lambdaParameter } from './duckdb/lambda';
export { literal, quoted } from './duckdb/names';
export { SqlError, type SqlErrorReason, toSqlError } from './errors';
export { cellText, type Row, TIMESTAMP_FORMATS, toRow, type ValueFormat } from './restRows';
export { setupConnection } from './runtime/register';
export { fieldNamed, isRepeated, isTypeName, storedType, typeOf } from './schema/fields';
export {
  checkPartitionId,
  GRANULARITY_BY_ID_LENGTH,
  granularity,
  isIngestionTime,
  PARTITION_TIME,
  type Partitioned,
  partitionFilter,
  partitionIdSql,
} from './schema/partitions';
export type {
  Clustering,
  ProjectDataset,
  QueryParameter,
  RangePartitioning,
  StackFrame,
  TableConstraints,
  TableField,
  TableReference,
  TimePartitioning,
} from './schema/resources';
export { rowBytesSql } from './schema/rowBytes';
export { isScript, type TranslateOptions, translateScript } from './translate';
