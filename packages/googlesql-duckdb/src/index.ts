export type {
  AlterAction,
  CatalogChange,
  DatasetInfo,
  Outcome,
  SchemaOptions,
  SqlCatalog,
  Statement,
  TableInfo,
  TableOptions,
} from './contract';
export { ELEMENT, lambdaParameter } from './duckdb/lambda';
export { literal, quoted } from './duckdb/names';
export { SqlError, toSqlError } from './errors';
export { cellText, type Row, TIMESTAMP_FORMATS, toRow, type ValueFormat } from './restRows';
export { setupConnection } from './runtime/register';
export { fieldNamed, isRepeated, STORED_TYPES, storedType, typeOf } from './schema/fields';
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
export { isScript, translateScript } from './translate';
