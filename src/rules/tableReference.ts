/** The parts of a table name. The project of a domain-scoped project includes the domain: `dom.com:proj`. */
export interface TableName {
  readonly project?: string;
  readonly dataset: string;
  /** Without partition decorator. */
  readonly table: string;
  /** The text after the first `$`. */
  readonly partition?: string;
}

/** A table reference of BigQuery's REST API; `tableId` includes the partition decorator. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/**
 * Parses a table name; undefined when it has no dataset or no table. Back-quotes are dropped.
 *
 * @example parseTableName('p:d.t$20200101') // { project: 'p', dataset: 'd', table: 't', partition: '20200101' }
 * @example parseTableName('dom.com:p.d.t')  // { project: 'dom.com:p', dataset: 'd', table: 't' }
 */
export function parseTableName(text: string): TableName | undefined {
  const name = text.replaceAll('`', '').trim();
  const dollar = name.indexOf('$');
  const body = dollar < 0 ? name : name.slice(0, dollar);
  const colon = body.lastIndexOf(':');
  const scope = colon < 0 ? [] : [body.slice(0, colon)];
  const parts = body.slice(colon + 1).split('.');
  const table = parts.pop();
  const dataset = parts.pop();
  // In `dom.com:p.d.t` the project is on both sides of the colon, in `p:d.t` and `dom.com:p:d.t` only before it.
  const project = [...scope, ...parts].join(':');
  const tooMany = parts.length > 1;
  if (!table || !dataset || tooMany || (project === '' && scope.length + parts.length > 0)) return undefined;
  const partition = dollar < 0 ? undefined : name.slice(dollar + 1);
  // Absent parts are left out, because names are spread over defaults.
  return { ...(project && { project }), dataset, table, ...(partition !== undefined && { partition }) };
}

/**
 * The name as a reference of BigQuery's REST API.
 *
 * @example toReference({ dataset: 'd', table: 't', partition: '20200101' }, 'p') // { projectId: 'p', datasetId: 'd', tableId: 't$20200101' }
 */
export function toReference(name: TableName, defaultProject: string): TableReference {
  return { projectId: name.project ?? defaultProject, datasetId: name.dataset, tableId: tableIdOf(name) };
}

/** The name of a REST reference. */
export function fromReference({ projectId, datasetId, tableId }: TableReference): TableName {
  const dollar = tableId.indexOf('$');
  const table = dollar < 0 ? tableId : tableId.slice(0, dollar);
  const name = { project: projectId, dataset: datasetId, table };
  return dollar < 0 ? name : { ...name, partition: tableId.slice(dollar + 1) };
}

/** `project.dataset.table`, the form of standard SQL. */
export function standardName(name: TableName): string {
  return [...(name.project === undefined ? [] : [name.project]), name.dataset, tableIdOf(name)].join('.');
}

/** `project:dataset.table`, the form of legacy SQL and of rule files. */
export function legacyName(name: TableName): string {
  const local = `${name.dataset}.${tableIdOf(name)}`;
  return name.project === undefined ? local : `${name.project}:${local}`;
}

/** Table ID with its partition decorator, if any: `t$20200101`. */
export function tableIdOf(name: Pick<TableName, 'table' | 'partition'>): string {
  return name.partition === undefined ? name.table : `${name.table}$${name.partition}`;
}
