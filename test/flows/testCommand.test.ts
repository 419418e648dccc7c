import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bqtail, built } from '../cli/bqtail';

/** One run covers the project's own cases and one that must fail. */
test('bqtail test runs cases in parallel, and shows how rows differ', async () => {
  built();
  const folder = await mkdtemp(join(tmpdir(), 'bqtail-junit-'));
  const file = join(folder, 'junit.xml');
  const args = ['test', 'test/cases', 'test/flows/failingCases', '--junit', file];
  const { code, stdout, stderr } = await bqtail(args);
  const xml = await readFile(file, 'utf8');
  await rm(folder, { recursive: true });
  const [failed, ...others] = stdout.split(/^(?=PASS|FAIL)/m).filter((text) => text.startsWith('FAIL'));
  expect([others, stderr]).toEqual([[], '']);
  expect(failed?.replace(/case-\d+/, 'case').replace(/\d+\.\d s$/m, 's')).toContain(`FAIL wrong-rows s
  objects: gs://case-trigger/in/: 1 objects, 0 expected
`);
  expect(failed).toContain(`  shop.rows: 2 rows, 2 expected
    ~ {"id":1,"name":"ONE"}: name is "one", expected "ONE"
    - {"id":2,"name":"two"}
    + {"id":3,"name":"three"}
`);
  expect(stdout).toMatch(/\n17 passed, 1 failed in [\d.]+ s\n$/);
  expect(xml).toContain('<testsuites tests="18" failures="1"');
  expect(xml).toMatch(/<failure message="[^"]*gs:\/\/case-\d+-trigger\/in\/: 1 objects, 0 expected">/);
  expect(code).toBe(1);
});
