import { isObject, type JsonObject } from '../../json';

/** BigQuery's maximum. A load with it succeeds however many rows are bad, and lists the rows that it skipped. */
const ALL_ROWS_MAY_BE_BAD = 2_147_483_647;

/**
 * Configuration of a job that finds bad files without failing: it loads into a temporary table, and every row may be bad. It
 * has the columns of the load, but neither its partitioning nor its dispositions.
 */
export function probeConfiguration(configuration: JsonObject, table: JsonObject): JsonObject {
  const load = isObject(configuration.load) ? configuration.load : {};
  const { timePartitioning: _time, rangePartitioning: _range, clustering: _cluster, ...rest } = load;
  const { schemaUpdateOptions: _options, ...kept } = rest;
  return {
    ...configuration,
    load: {
      ...kept,
      destinationTable: table,
      maxBadRecords: ALL_ROWS_MAY_BE_BAD,
      createDisposition: 'CREATE_IF_NEEDED',
      writeDisposition: 'WRITE_TRUNCATE',
    },
  };
}
