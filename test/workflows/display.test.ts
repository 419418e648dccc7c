import { details } from '../../src/workflows/display';

test('details show stage, due, files, jobs and the last error in Markdown', () => {
  const job = { jobId: 'ds_t--777_00001_load--dispatch', state: 'succeeded', rows: 5 } as const;
  const process = { ruleId: 'r#orders', eventId: '777', stage: 'acting', files: 2, jobs: [job] } as const;
  const shown = details({
    stage: 'acting',
    dest: 'ds.t',
    due: 1_700_000_010,
    announced: 2,
    processes: [process],
    lastError: 'bad rows',
  });
  expect(shown.split('\n')).toEqual([
    '**acting** into `ds.t`',
    '',
    '- due 2023-11-14T22:13:30.000Z',
    '- 2 files',
    '',
    '| job | state | files | rows |',
    '|---|---|---|---|',
    '| `ds_t--777_00001_load--dispatch` | succeeded | 2 | 5 |',
    '',
    'Last error: bad rows',
  ]);
});

test('details of a single file that waits have three lines', () => {
  const shown = details({ stage: 'gathering', dest: 'ds.t', announced: 1, processes: [] });
  expect(shown.split('\n')).toEqual(['**gathering** into `ds.t`', '', '- 1 files']);
});
