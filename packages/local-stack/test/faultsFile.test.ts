import { parseFaults, readFaultsFile } from '../src/faultsFile';
import { UsageError } from '../src/usageError';

const problemsOf = (text: string): string[] => {
  try {
    parseFaults(text, 'f.yaml');
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n');
    throw error;
  }
};

test('a faults file may be JSON or YAML', () => {
  const yaml = `
storage:
  - match: { call: batch }
    action: status
    status: 429
    times: 3
bigquery:
  - action: failJob
    match: { path: ^bqtail }
    reason: backendError
`;
  const json = {
    storage: [{ match: { call: 'batch' }, action: 'status', status: 429, times: 3 }],
    bigquery: [{ action: 'failJob', match: { path: '^bqtail' }, reason: 'backendError' }],
  };
  expect(parseFaults(yaml, 'f')).toEqual(json);
  expect(parseFaults(JSON.stringify(json, null, '\t'), 'f')).toEqual(json);
});

test.each(['', '{}', 'storage: []'])('the file %j has no faults', (text) => {
  expect(parseFaults(text, 'f')).toEqual({ storage: [], bigquery: [] });
});

test.each([
  ['storage: [{ action: explode }]', ['storage[0].action: found "explode"; allowed is status, drop, dropAfter, delay']],
  ['storage: [{ action: failJob }]', ['storage[0].action: found "failJob"; allowed is status, drop, dropAfter, delay']],
  ['bigquery: [{ action: delay }]', ['bigquery[0].delayMs: is missing; allowed is a number of milliseconds']],
  ['bigquery: [{ action: status, status: 200 }]', ['bigquery[0].status: found 200; allowed is at least 400']],
  ['bigquery: [{ action: drop, times: x }]', ['bigquery[0].times: found "x"; allowed is a number']],
  ['bigquery: [{ action: drop, Match: {} }]', ['bigquery[0].Match: no such field']],
  [
    "storage: [{ action: drop, match: { path: '(' } }]",
    ['storage[0].match.path: found "("; allowed is a regular expression'],
  ],
  ['gcs: []', ['gcs: no such field']],
  ['storage: { action: drop }', ['storage: found {"action":"drop"}; allowed is a list']],
  ['[]', ['the whole: found []; allowed is an object']],
  [
    'storage: [{ action: x }, { action: drop, probability: 2 }]',
    [
      'storage[0].action: found "x"; allowed is status, drop, dropAfter, delay',
      'storage[1].probability: found 2; allowed is at most 1',
    ],
  ],
])('the file %s is refused with every problem', (text, lines) => {
  expect(problemsOf(text)).toEqual(lines.map((line) => `f.yaml: ${line}`));
});

test('the error about invalid YAML or an absent file names the file', async () => {
  expect(problemsOf('storage: [')[0]).toMatch(/^f\.yaml: neither JSON nor YAML: .*line 1/);
  await expect(readFaultsFile('/no/such/file')).rejects.toThrow(/^\/no\/such\/file: cannot be read: .*ENOENT/);
});
