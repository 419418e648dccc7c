import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingPaths } from '../../src/config/settings';

const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** Names in the first column of the table of settings. */
function documentedSettings(): readonly string[] {
  const [, table = ''] = /^\| setting \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(README) ?? [];
  const names = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return names
    .flatMap((cell) => cell.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

test('every setting is in the table of the README, by itself or by its group', () => {
  const documented = documentedSettings();
  const isGroup = (path: string) => settingPaths().some((other) => other.startsWith(`${path}.`));
  const missing = settingPaths().filter(
    (path) => !isGroup(path) && !documented.some((name) => path === name || path.startsWith(`${name}.`)),
  );
  expect(missing).toEqual([]);
});

test('the table of the README names no unknown setting', () => {
  expect(documentedSettings().filter((name) => !settingPaths().includes(name))).toEqual([]);
});
