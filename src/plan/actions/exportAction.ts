import { actionRequests } from '../../rules/actionRequests';
import type { JsonObject } from '../../rules/types';
import { formatOf } from '../loadConfiguration';
import { plannedJob } from '../planningContext';
import type { ActionReader, PlannedAction } from './actionReader';

const FORMATS: readonly string[] = ['CSV', 'NEWLINE_DELIMITED_JSON', 'AVRO', 'PARQUET'];

/** An export of a table to files: a job. */
export function exportAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const typed = reader.typed(actionRequests.export, request);
  const { DestURL, FieldDelimiter, Compression } = typed;
  if (!DestURL) throw reader.fault('DestURL', DestURL, 'gs://bucket/name, with * where there may be several files');
  const source = reader.table('Source', typed.Source);
  const format = FieldDelimiter ? 'CSV' : typed.Format ? typed.Format.toUpperCase() : formatOf(DestURL);
  if (format === undefined || !FORMATS.includes(format)) {
    throw reader.fault('Format', format, `${FORMATS.join(', ')}, or a DestURL that tells one`);
  }
  const compression = Compression || (DestURL.includes('.gz') ? 'GZIP' : undefined);
  const extract = {
    sourceTable: { ...source },
    destinationUris: [DestURL],
    destinationFormat: format,
    ...(compression ? { compression: compression.toUpperCase() } : {}),
    ...(format === 'CSV' ? { fieldDelimiter: FieldDelimiter || ',', printHeader: typed.IncludeHeader ?? false } : {}),
    ...(format === 'AVRO' ? { useAvroLogicalTypes: typed.UseAvroLogicalTypes ?? true } : {}),
  };
  const job = plannedJob(reader.context, reader.step, 'export', { extract }, source);
  return { kind: 'job', action: 'export', job };
}
