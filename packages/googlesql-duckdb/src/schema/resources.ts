/** The parts of BigQuery REST API v2 resources that SQL reads or writes. */

export interface TableField {
  name: string;
  type: string;
  mode?: string;
  description?: string;
  fields?: TableField[];
  maxLength?: string;
  precision?: string;
  scale?: string;
  defaultValueExpression?: string;
  rangeElementType?: { type: string };
}

export interface ProjectDataset {
  projectId: string;
  datasetId: string;
}

export interface TableReference extends ProjectDataset {
  tableId: string;
}

export interface TimePartitioning {
  type?: string;
  field?: string;
  expirationMs?: string;
  requirePartitionFilter?: boolean;
}

export interface RangePartitioning {
  field?: string;
  range?: { start?: string; end?: string; interval?: string };
}

export interface Clustering {
  fields?: string[];
}

/** Keys of a table. BigQuery does not enforce them. */
export interface TableConstraints {
  readonly primaryKey?: { readonly columns: readonly string[] };
  readonly foreignKeys?: readonly ForeignKey[];
}

export interface ForeignKey {
  readonly name: string;
  readonly referencedTable: TableReference;
  readonly columnReferences: ReadonlyArray<{ readonly referencingColumn: string; readonly referencedColumn: string }>;
}

/** A running statement of a script. Lines and columns start at 1. */
export interface StackFrame {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

export interface QueryParameterType {
  type?: string;
  arrayType?: QueryParameterType;
  structTypes?: { name?: string; type?: QueryParameterType; description?: string }[];
  rangeElementType?: QueryParameterType;
}

export interface QueryParameterValue {
  value?: string | null;
  arrayValues?: QueryParameterValue[];
  structValues?: Record<string, QueryParameterValue>;
  rangeValue?: { start?: QueryParameterValue; end?: QueryParameterValue };
}

export interface QueryParameter {
  name?: string;
  parameterType?: QueryParameterType;
  parameterValue?: QueryParameterValue;
}
