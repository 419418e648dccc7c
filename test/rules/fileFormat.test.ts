import { formatOf } from '../../src/rules/fileFormat';

test.each([
  ['gs://b/a.json', 'NEWLINE_DELIMITED_JSON'],
  ['gs://b/a.CSV', 'CSV'],
  ['gs://b/a.avro', 'AVRO'],
  ['gs://b/a.parquet', 'PARQUET'],
  ['gs://b/a.json.gz', 'NEWLINE_DELIMITED_JSON'],
  ['gs://b/a.csv.gz', 'CSV'],
  ['gs://b/export.csv/a.json', 'NEWLINE_DELIMITED_JSON'],
  ['gs://b/orders.csv_00001', 'CSV'],
  ['gs://b/a.json-20240101', 'NEWLINE_DELIMITED_JSON'],
  ['gs://b/a', undefined],
  ['gs://b/a.gz', undefined],
])('the format of %s is %s', (url, format) => {
  expect(formatOf(url)).toBe(format);
});
