import { status } from '../../src/workflows/contract';
import { bqtail } from './support/commands';
import { LONG_SEC } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

/** Content of bad files by their number: broken JSON, or a text for a numeric column. */
const CORRUPTED = '{"id": 1, "name": "x}wwww';
const OTHER_SCHEMA = '{"id": "none", "name": "x"}';

const app = useApp();

interface Made {
  readonly dest: string;
  readonly urls: readonly string[];
}

/**
 * Uploads files into one window of a rule of their own, and loads them at once. Each file is `{id: number}`, unless `bad` has
 * another content for it.
 */
async function window(
  name: string,
  count: number,
  bad: (at: number) => string | undefined,
  rule: { readonly dest?: object; readonly rule?: object; readonly before?: () => Promise<unknown> } = {},
): Promise<Made> {
  const dest = await app().createTable(name);
  await app().writeRules(name, {
    When: { Prefix: `/${name}/` },
    Async: true,
    Dest: { Table: dest, ...rule.dest },
    Batch: { Window: { DurationInSec: LONG_SEC } },
    OnSuccess: [{ Action: 'delete' }],
    CorruptedFileURL: `gs://${app().names.opsBucket}/Corrupted/${name}`,
    InvalidSchemaURL: `gs://${app().names.opsBucket}/Schema/${name}`,
    ...rule.rule,
  });
  const bucket = app().storage.bucket(app().names.triggerBucket);
  const paths = Array.from({ length: count }, (_file, at) => `${name}/${String(at).padStart(5, '0')}.json`);
  const queue = paths.entries();
  const work = async () => {
    for (const [at, path] of queue) {
      await bucket.file(path).save(bad(at) ?? JSON.stringify({ id: at, name: `row ${at}` }), { resumable: false });
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  await rule.before?.();
  await app().loadNow(dest, count);
  return { dest, urls: paths.map((path) => `gs://${app().names.triggerBucket}/${path}`) };
}

/** Load jobs of a table, by their outcome. */
async function loads(dest: string): Promise<{ failed: number; all: number }> {
  const [jobs] = await app().bigquery.getJobs({ projection: 'full', maxResults: 1000 });
  const own = jobs.filter(
    ({ metadata, id }) => id?.includes(`${dest.replace('.', '_')}--`) && metadata.configuration.load,
  );
  return { failed: own.filter(({ metadata }) => metadata.status.errorResult).length, all: own.length };
}

async function ids(dest: string): Promise<number[]> {
  return (await app().rows(dest)).map(({ id }) => id);
}

async function inOps(part: string): Promise<string[]> {
  return (await app().objects(app().names.opsBucket)).filter((url) => url.includes(part));
}

/** Output of `bqtail files --bad`. */
async function badFiles(options: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await bqtail(app(), 'files', '--bad', ...options, '--output', 'jsonl');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const records = stdout.split('\n').filter((line) => line !== '');
  return records.map((line) => JSON.parse(line)).sort((one, other) => (one.file < other.file ? -1 : 1));
}

const numbers = (count: number, without: (at: number) => boolean) =>
  Array.from({ length: count }, (_file, at) => at).filter((at) => !without(at));

test('bad files are quarantined by class with records, the rest loads, and a repaired file of the same name loads too', async () => {
  const bad = new Map([
    [2, CORRUPTED],
    [4, OTHER_SCHEMA],
  ]);
  const { dest, urls } = await window('few', 6, (at) => bad.get(at));
  const workflowId = await app().workflowId(dest);
  const handle = app().temporal.workflow.getHandle(workflowId);
  expect(await handle.result()).toMatchObject({ files: 4, rows: 4, quarantined: 2 });
  expect(await ids(dest)).toEqual([0, 1, 3, 5]);
  expect(await inOps('/Corrupted/')).toEqual([expect.stringContaining('/Corrupted/few/few/00002.json')]);
  expect(await inOps('/Schema/')).toEqual([expect.stringContaining('/Schema/few/few/00004.json')]);
  expect((await app().objects(app().names.triggerBucket)).filter((url) => url.includes('few'))).toEqual([]);
  const records = await Promise.all((await inOps(`/BadFiles/${dest}/`)).map((url) => app().readJson(url)));
  expect(records).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ file: urls[2], class: 'corrupted', row: 1, position: 0, reason: 'invalid' }),
      expect.objectContaining({ file: urls[4], class: 'invalidSchema', column: 'id', workflowId }),
    ]),
  );
  const listed = await badFiles(['--dest', dest]);
  expect(listed.map(({ file, movedTo }) => [file, movedTo])).toEqual(
    [urls[2], urls[4]].map((file) => [file, records.find((record) => record['file'] === file)?.['movedTo']]),
  );
  expect(await badFiles(['--dest', dest, '--since', new Date(Date.now() + 60_000).toISOString()])).toEqual([]);
  const seen = await handle.query(status);
  expect(seen.usage?.loadJobs).toEqual({ used: 4, limit: 100_000 });
  expect(seen.usage?.tableModifications).toEqual({ [`bqtail-test.${dest}`]: { used: 3, limit: 1500 } });
  await app().upload('few/00002.json', [{ id: 2, name: 'repaired' }]);
  await waitFor('another run', async () => (await handle.describe()).status.name === 'RUNNING');
  await app().loadNow(dest, 1);
  await waitFor('the repaired file', async () => (await ids(dest)).includes(2));
});

test('twenty bad files of 120 cost two failed jobs, scattered or side by side', async () => {
  const scattered = (at: number) => at % 6 === 3;
  const together = (at: number) => at >= 40 && at < 60;
  const [one, two] = await Promise.all([
    window('scattered', 120, (at) => (scattered(at) ? CORRUPTED : undefined)),
    window('together', 120, (at) => (together(at) ? OTHER_SCHEMA : undefined), {
      dest: { Transient: { Dataset: `temp_${app().dataset}` } },
    }),
  ]);
  for (const { dest } of [one, two]) {
    const result = await app()
      .temporal.workflow.getHandle(await app().workflowId(dest))
      .result();
    expect(result).toMatchObject({ files: 100, rows: 100, quarantined: 20 });
    expect(await loads(dest)).toEqual({ failed: 2, all: expect.any(Number) });
  }
  expect(await ids(one.dest)).toEqual(numbers(120, scattered));
  expect(await ids(two.dest)).toEqual(numbers(120, together));
  const [tables] = await app().bigquery.dataset(app().dataset).getTables();
  expect(tables.map(({ id }) => id).filter((id) => id?.includes('probe'))).toEqual([]);
  const [temporary] = await app().bigquery.dataset(`temp_${app().dataset}`).getTables();
  expect(temporary).toEqual([]);
});

test('a batch of bad files alone runs OnFailure, quarantines all files and cleans up', async () => {
  const report = await app().createTable('report');
  const { dest } = await window('rotten', 5, () => CORRUPTED, {
    rule: { OnFailure: [{ Action: 'query', Request: { SQL: "SELECT 1 AS id, 'failed' AS name", Dest: report } }] },
  });
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'NoGoodFiles' } });
  expect(await app().rows(report)).toHaveLength(1);
  expect(await inOps('/Corrupted/rotten/')).toHaveLength(5);
  expect(await inOps(`/Running/${dest}/`)).toEqual([]);
  const left = [...(await app().objects(app().names.triggerBucket)), ...(await inOps('/Tasks/'))];
  expect(left.filter((url) => url.includes('rotten'))).toEqual([]);
});

test('new fields are added to the tables with types that fit all rows, and files of another type are quarantined', async () => {
  const texts = [
    undefined,
    '{"id": 1, "name": "a", "price": 1, "tags": [{"k": "x", "n": 3}]}\n{"id": 11, "name": "a", "price": 1.5}',
    '{"id": 2, "name": "b", "tags": [{"k": "y", "more": true}]}',
    OTHER_SCHEMA,
  ];
  const { dest } = await window('grown', 4, (at) => texts[at], { dest: { AllowFieldAddition: true } });
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  expect(await handle.result()).toMatchObject({ files: 3, rows: 4, quarantined: 1 });
  const [metadata] = await app().bigquery.dataset(app().dataset).table('grown').getMetadata();
  expect(metadata.schema.fields).toEqual([
    expect.objectContaining({ name: 'id' }),
    expect.objectContaining({ name: 'name' }),
    expect.objectContaining({ name: 'price', type: 'FLOAT' }),
    expect.objectContaining({ name: 'tags', type: 'RECORD', mode: 'REPEATED' }),
  ]);
  const [rows] = await app().bigquery.query(`SELECT t.n AS n, t.more AS more FROM ${dest}, UNNEST(tags) t ORDER BY id`);
  expect(rows).toEqual([
    { n: 3, more: null },
    { n: null, more: true },
  ]);
});

test('files deleted before their load are left out and reported, and a load that BigQuery interrupts is repeated', async () => {
  await app().setFaults('bigquery', [
    { match: { path: 'vanished--' }, action: 'failJob', reason: 'backendError', times: 1 },
  ]);
  const bucket = app().storage.bucket(app().names.triggerBucket);
  const { dest, urls } = await window('vanished', 4, () => undefined, {
    rule: { OnSuccess: [] },
    before: () => Promise.all(['00001', '00003'].map((name) => bucket.file(`vanished/${name}.json`).delete())),
  });
  const workflowId = await app().workflowId(dest);
  expect(await app().temporal.workflow.getHandle(workflowId).result()).toMatchObject({
    files: 2,
    rows: 2,
    quarantined: 2,
  });
  await app().setFaults('bigquery', []);
  expect(await ids(dest)).toEqual([0, 2]);
  expect(urls).toHaveLength(4);
});

test('the next run finishes the batch of a terminated run with its job, and an overwritten file is loaded once', async () => {
  const dest = await app().createTable('orphaned');
  await app().writeRules('orphaned', {
    When: { Prefix: '/orphaned/' },
    Dest: { Table: dest },
    Batch: { MultiPath: true, Window: { DurationInSec: 2, SettleInSec: 0 } },
  });
  await app().setFaults('bigquery', [{ match: { path: 'orphaned--' }, action: 'slowJob', delayMs: 2000, times: 1 }]);
  await app().upload('orphaned/a.json', [{ id: 1, name: 'one' }]);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await waitFor('the job', async () => (await loads(dest)).all === 1);
  await handle.terminate('dies');
  await app().setFaults('bigquery', []);
  const [known] = await app().storage.bucket(app().names.triggerBucket).file('orphaned/a.json').getMetadata();
  const held = app().storage.bucket(app().names.configBucket).file('orphaned/b.json');
  await held.save('{"id": 2, "name": "two"}', { resumable: false });
  const [metadata] = await held.getMetadata();
  await app().push({ ...metadata, bucket: app().names.configBucket, updated: known.updated }, '4713');
  await waitFor('the new file', async () => (await ids(dest)).includes(2));
  await waitFor('the second run', async () => (await handle.describe()).status.name === 'COMPLETED');
  expect(await ids(dest)).toEqual([1, 2]);
  expect(await loads(dest)).toEqual({ failed: 0, all: 2 });
  await app().push(known, '4714');
  await app().upload('orphaned/a.json', [{ id: 3, name: 'three' }]);
  await waitFor('the newer content', async () => (await ids(dest)).includes(3));
  await app().push(known, '4715');
  await waitFor('all runs to end', async () => {
    for await (const { status: open } of app().temporal.workflow.list({ query: `BqtailDest = '${dest}'` })) {
      if (open.name === 'RUNNING') return false;
    }
    return true;
  });
  expect(await ids(dest)).toEqual([1, 2, 3]);
});
