import { upload } from './emulatorCalls';
import { type EmulatorPair, residentBytes } from './emulatorPair';
import type { Measurement } from './measurement';

const BUCKET = 'bench-loads';
const DATASET = 'bench';
const FILES = 1000;
const FILE_BYTES = 1000;
const ROWS = 100_000;
const MEMORY_JOBS = 1000;
const UPLOADS_AT_ONCE = 16;

const FLAT = [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
];
const NESTED = [
  ...FLAT,
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'amount', type: 'NUMERIC' },
  {
    name: 'address',
    type: 'RECORD',
    fields: [
      { name: 'city', type: 'STRING' },
      { name: 'zip', type: 'STRING' },
    ],
  },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'sku', type: 'STRING' },
      { name: 'qty', type: 'INTEGER' },
    ],
  },
];

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function loadOf(uris: readonly string[], table: string, options: object = {}): object {
  const destinationTable = { projectId: 'bench', datasetId: DATASET, tableId: table };
  return { load: { sourceUris: uris, destinationTable, sourceFormat: 'NEWLINE_DELIMITED_JSON', ...options } };
}

/** 1,000 files of 1 kB into one table, by one job. */
export async function manyFiles(pair: EmulatorPair): Promise<Measurement> {
  await pair.makeBucket(BUCKET);
  await pair.makeTable(DATASET, 'many', FLAT);
  const row = (file: number) => `${JSON.stringify({ id: file, name: 'x'.repeat(60) })}\n`;
  const queue = Array.from({ length: FILES }, (_file, index) => index).values();
  const work = async () => {
    for (const file of queue) {
      const text = row(file).repeat(Math.ceil(FILE_BYTES / row(file).length));
      await upload(pair.storageUrl, BUCKET, `many/${file}.json`, text);
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
  const took = await pair.runJob(loadOf([`gs://${BUCKET}/many/*.json`], 'many'));
  return { name: '1,000 files of 1 kB into one table', value: seconds(took), aim: '≈ 3 s' };
}

/** 100,000 nested rows in one file, by format. */
export async function nestedRows(pair: EmulatorPair): Promise<Measurement[]> {
  await pair.makeTable(DATASET, 'nested', NESTED);
  const rows = Array.from({ length: ROWS }, (_row, id) =>
    JSON.stringify({
      id,
      name: `name ${id}`,
      at: `2024-01-02T03:04:05.${id % 1000}Z`,
      amount: `${id}.25`,
      address: { city: `city ${id % 100}`, zip: '53111' },
      items: [
        { sku: `a${id}`, qty: 1 },
        { sku: `b${id}`, qty: 2 },
      ],
    }),
  );
  await upload(pair.storageUrl, BUCKET, 'nested/rows.json', rows.join('\n'));
  const took = await pair.runJob(loadOf([`gs://${BUCKET}/nested/rows.json`], 'nested'));
  const measured = [{ name: '100,000 nested rows in one file, JSON', value: seconds(took), aim: '≈ 3 s' }];
  for (const format of ['AVRO', 'PARQUET']) {
    const uri = `gs://${BUCKET}/nested/rows.${format.toLowerCase()}`;
    const sourceTable = { projectId: 'bench', datasetId: DATASET, tableId: 'nested' };
    const out = await pair.runJob({
      extract: { sourceTable, destinationUris: [uri], destinationFormat: format, useAvroLogicalTypes: true },
    });
    const back = await pair.runJob(
      loadOf([uri], `from_${format.toLowerCase()}`, { sourceFormat: format, useAvroLogicalTypes: true }),
    );
    measured.push({
      name: `the same as ${format}, written, loaded`,
      value: `${seconds(out)}, ${seconds(back)}`,
      aim: '',
    });
  }
  return measured;
}

/** 100,000 flat rows of CSV in one file. */
export async function csvRows(pair: EmulatorPair): Promise<Measurement> {
  await pair.makeTable(DATASET, 'csv', FLAT);
  const rows = Array.from({ length: ROWS }, (_row, id) => `${id},"name, ${id}"`);
  await upload(pair.storageUrl, BUCKET, 'rows.csv', rows.join('\n'));
  const took = await pair.runJob(loadOf([`gs://${BUCKET}/rows.csv`], 'csv', { sourceFormat: 'CSV' }));
  return { name: '100,000 rows of CSV in one file', value: seconds(took), aim: '' };
}

/** Memory of BigQuery over 1,000 jobs: nine loads, then one query, repeatedly. */
export async function memoryOverJobs(pair: EmulatorPair): Promise<Measurement> {
  await pair.makeTable(DATASET, 'memory', FLAT);
  const uri = `gs://${BUCKET}/small.json`;
  const rows = Array.from({ length: 100 }, (_row, id) => JSON.stringify({ id, name: `name ${id}` }));
  await upload(pair.storageUrl, BUCKET, 'small.json', rows.join('\n'));
  const load = loadOf([uri], 'memory', { writeDisposition: 'WRITE_TRUNCATE' });
  const query = {
    query: { query: `SELECT name, COUNT(*) AS n FROM ${DATASET}.memory GROUP BY name`, useLegacySql: false },
  };
  const readings = [`${megabytes(residentBytes(pair.bigquery))} before`];
  const begin = performance.now();
  for (let job = 1; job <= MEMORY_JOBS; job++) {
    await pair.runJob(job % 10 === 0 ? query : load);
    if (job % (MEMORY_JOBS / 4) === 0) readings.push(`${megabytes(residentBytes(pair.bigquery))} at ${job}`);
  }
  readings.push(`${Math.round((performance.now() - begin) / MEMORY_JOBS)} ms per job`);
  return { name: 'memory of BigQuery over 1,000 jobs', value: readings.join(', '), aim: 'flat' };
}
