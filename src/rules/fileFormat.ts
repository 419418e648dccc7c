/** BigQuery's names of the formats that a load reads, by the extension of a file. */
const FORMATS: readonly (readonly [string, string])[] = [
  ['.csv', 'CSV'],
  ['.avro', 'AVRO'],
  ['.parquet', 'PARQUET'],
  ['.json', 'NEWLINE_DELIMITED_JSON'],
];

/** Compressed files are loaded as the files that they contain. */
const COMPRESSED = /\.(?:gz|gzip)$/;

/**
 * The format of a file by its name: the extension without a compression suffix. A name without a known extension, such as
 * `orders.csv_00001`, has the first format whose extension is part of the URL, as in viant/bqtail.
 *
 * @example formatOf('gs://b/orders.json.gz') // 'NEWLINE_DELIMITED_JSON'
 * @returns undefined when the URL does not show a format.
 */
export function formatOf(url: string): string | undefined {
  const name = url.toLowerCase().replace(COMPRESSED, '');
  const byExtension = FORMATS.find(([extension]) => name.endsWith(extension));
  return (byExtension ?? FORMATS.find(([extension]) => name.includes(extension)))?.[1];
}
