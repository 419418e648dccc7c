import type { DatasetRef, Outcome, SqlCatalog } from '../contract';
import { type ScriptError, SqlError } from '../errors';
import { duckdbType, INT64, type SqlType, STRING } from '../types';
import { intLiteral, nullOf, textLiteral, type Value } from './values';

const FRAMES: SqlType = {
  kind: 'ARRAY',
  element: {
    kind: 'STRUCT',
    fields: [
      { name: 'line', type: INT64 },
      { name: 'column', type: INT64 },
      { name: 'filename', type: STRING },
      { name: 'location', type: STRING },
    ],
  },
};

/** The system variables of a script, such as `@@row_count`. */
export class SystemVariables {
  /** The error in an active EXCEPTION handler. */
  error?: ScriptError;
  /** Labels for the jobs of later statements, from `@@query_label`. */
  labels?: Readonly<Record<string, string>>;
  private queryLabel?: string;
  private rowCount?: number;
  private lastJobId?: string;
  private childJobs = 0;
  private dataset: Partial<DatasetRef> = {};

  constructor(
    private readonly base: SqlCatalog,
    private readonly jobId: string | undefined,
  ) {}

  /** The catalog with the default dataset that the script has set. */
  get catalog(): SqlCatalog {
    const datasetId = this.dataset.datasetId ?? this.base.defaultDataset?.datasetId;
    if (datasetId === undefined) return this.base;
    const projectId = this.dataset.projectId ?? this.base.defaultDataset?.projectId ?? this.base.defaultProject;
    return { ...this.base, defaultDataset: { projectId, datasetId } };
  }

  /** Records the outcome of a statement. */
  ended(outcome: Outcome | undefined): void {
    this.childJobs += 1;
    this.lastJobId = outcome?.jobId ?? this.lastJobId;
    this.rowCount = outcome?.rowCount ?? this.rowCount;
  }

  /** The value of a variable; undefined for an unknown one. */
  value(name: string): Value | undefined {
    const { defaultProject, defaultDataset } = this.catalog;
    switch (name.toLowerCase()) {
      case 'row_count':
        return this.rowCount === undefined ? nullOf(INT64) : { sql: intLiteral(BigInt(this.rowCount)), type: INT64 };
      case 'error.message':
        return textOf(this.error?.variableMessage);
      case 'error.statement_text':
        return textOf(this.error?.frames[0]?.text);
      case 'error.stack_trace':
        return this.stackTrace();
      case 'project_id':
        return textOf(defaultProject);
      case 'dataset_project_id':
        return textOf(defaultDataset?.projectId);
      case 'dataset_id':
        return textOf(defaultDataset?.datasetId);
      case 'query_label':
        return textOf(this.queryLabel);
      case 'time_zone':
        return textOf('UTC');
      case 'last_job_id':
        return textOf(this.lastJobId);
      case 'script.job_id':
        return textOf(this.jobId);
      case 'script.num_child_jobs':
        return { sql: intLiteral(BigInt(this.childJobs)), type: INT64 };
      default:
        return undefined;
    }
  }

  /**
   * Sets a variable to a text, or to NULL.
   *
   * @throws SqlError when the variable cannot be set, or not to this value.
   */
  set(name: string, value: string | null): void {
    switch (name.toLowerCase()) {
      case 'dataset_id':
        this.dataset = { ...this.dataset, datasetId: value ?? undefined };
        return;
      case 'dataset_project_id':
        this.dataset = { ...this.dataset, projectId: value ?? undefined };
        return;
      case 'query_label':
        this.queryLabel = value ?? undefined;
        this.labels = value ? labelsOf(value) : undefined;
        return;
      case 'time_zone':
        if (value === null || value.toUpperCase() === 'UTC') return;
        throw new SqlError('invalidQuery', 'Time zones other than UTC are not supported by the local BigQuery');
      default:
        throw new SqlError('invalidQuery', `Setting @@${name} is not supported by the local BigQuery`);
    }
  }

  private stackTrace(): Value {
    const type = FRAMES;
    if (this.error === undefined) return nullOf(type);
    const frames = this.error.frames.map(
      ({ startLine, startColumn }) =>
        `struct_pack("line" := ${startLine}, "column" := ${startColumn}, "filename" := NULL, "location" := NULL)`,
    );
    return { sql: `CAST([${frames.join(', ')}] AS ${duckdbType(type)})`, type };
  }
}

function textOf(text: string | undefined): Value {
  return text === undefined ? nullOf(STRING) : { sql: textLiteral(text), type: STRING };
}

/** Parses labels from `key:value,other:value`. */
function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(':', 2);
      return [key.trim(), value.trim()];
    }),
  );
}
