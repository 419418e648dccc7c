import { reportConfig } from '../../src/cli/readConfig';
import { parseConfig } from '../../src/config/config';

test('a misspelt setting is logged with its path and the setting that it resembles', () => {
  const config = parseConfig(
    JSON.stringify({
      ProjectID: 'p',
      RulesURL: 'r',
      AsyncTaskURL: 't',
      JournalURL: 'j',
      ErrorURL: 'e',
      CorruptedFileURL: 'c',
      MaxRetries: 3,
      bridge: { hots: 'h' },
    }),
    'bqtail.json',
  );
  const lines: unknown[] = [];
  reportConfig(config, { warn: (line: unknown) => lines.push(line) });
  expect(lines).toEqual([
    'bqtail.json: MaxRetries: unknown setting, ignored',
    'bqtail.json: bridge.hots: unknown setting, ignored; did you mean Bridge.Host?',
  ]);
});
