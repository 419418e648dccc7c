import { invalid, notImplemented } from '../errors';
import type { LoadConfiguration } from '../resources';
import { ENCODINGS } from './encodings';

const CHARACTER_MAPS = ['STRICT', 'V1', 'V2'];
const COLUMN_MATCHES = ['POSITION', 'NAME'];

/** Options that the emulator does not support, with a test for the values that change nothing. */
const UNSUPPORTED: Record<string, (value: unknown) => boolean> = {
  copyFilesOnly: (value) => value === false,
  dateFormat: () => false,
  datetimeFormat: () => false,
  fileSetSpecType: (value) => value === 'FILE_SET_SPEC_TYPE_FILE_SYSTEM_MATCH',
  hivePartitioningOptions: () => false,
  jsonExtension: () => false,
  referenceFileSchemaUri: () => false,
  schemaInline: () => false,
  timeFormat: () => false,
  timeZone: (value) => typeof value === 'string' && /^(?:Etc\/)?UTC$/i.test(value),
  timestampFormat: () => false,
};

/** @throws BigQueryError when an option is invalid, or the emulator does not support it. */
export function checkOptions(load: LoadConfiguration): void {
  if (load.nullMarker !== undefined && load.nullMarkers !== undefined) {
    throw invalid('Only one of nullMarker and nullMarkers should be specified.', 'nullMarkers');
  }
  oneOf(load, 'encoding', ENCODINGS);
  oneOf(load, 'sourceColumnMatch', COLUMN_MATCHES);
  oneOf(load, 'columnNameCharacterMap', CHARACTER_MAPS);
  const target = load.decimalTargetTypes?.find((type) => !['NUMERIC', 'BIGNUMERIC', 'STRING'].includes(type));
  if (target) {
    throw invalid(`Invalid value for: decimalTargetTypes is not a valid value: ${target}`, 'decimalTargetTypes');
  }
  for (const [name, changesNothing] of Object.entries(UNSUPPORTED)) {
    const value: unknown = Reflect.get(load, name);
    if (value === undefined || value === null || value === '' || changesNothing(value)) continue;
    throw notImplemented(`Loads with ${name} are not supported by the local BigQuery.`);
  }
}

function oneOf(load: LoadConfiguration, name: keyof LoadConfiguration, values: readonly string[]): void {
  const value = load[name];
  if (!value || String(value).endsWith('_UNSPECIFIED') || values.includes(String(value))) return;
  throw invalid(`Invalid value for: ${name} is not a valid value: ${String(value)}`, name);
}
