import { definedFields, type JsonObject } from '../../json';
import { actionRequests } from '../../rules/actionRequests';
import { formatOf } from '../../rules/fileFormat';
import { plannedJob } from '../planningContext';
import type { ActionReader, PlannedAction } from './actionReader';

const FORMATS: readonly string[] = ['CSV', 'NEWLINE_DELIMITED_JSON', 'AVRO', 'PARQUET'];

/** An export of a table to files, as a job. */
export function exportAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const typed = reader.typed(actionRequests.export, request);
  const { DestURL, FieldDelimiter, Compression } = typed;
  if (!DestURL) throw reader.fault('DestURL', DestURL, 'gs://bucket/name, with * where there may be several files');
  const source = reader.table('Source', typed.Source);
  const format = FieldDelimiter ? 'CSV' : typed.Format ? typed.Format.toUpperCase() : formatOf(DestURL);
  if (format === undefined || !FORMATS.includes(format)) {
    throw reader.fault('Format', format, `${FORMATS.join(', ')}, or a DestURL with an extension of one`);
  }
  const compression = Compression || (DestURL.includes('.gz') ? 'GZIP' : undefined);
  const extract = definedFields({
    sourceTable: { ...source },
    destinationUris: [DestURL],
    destinationFormat: format,
    compression: compression?.toUpperCase(),
    fieldDelimiter: format === 'CSV' ? FieldDelimiter || ',' : undefined,
    printHeader: format === 'CSV' ? (typed.IncludeHeader ?? false) : undefined,
    useAvroLogicalTypes: format === 'AVRO' ? (typed.UseAvroLogicalTypes ?? true) : undefined,
  });
  const job = plannedJob(reader.context, reader.step, 'export', { extract }, source);
  return { kind: 'job', action: 'export', job };
}
