import { filled, filledData, numbered } from '../../../src/cli/ruleTests/placeholders';

const NOW = new Date('2023-11-14T22:13:20Z');
const NAMES = { opsBucket: 'ops' };

test.each([
  ['gs://${opsBucket}/x', 'gs://ops/x'],
  ['${unknown} $EventID ${constructor}', '${unknown} $EventID ${constructor}'],
  ['${date:0:%Y-%m-%d %H:%M:%S}', '2023-11-14 22:13:20'],
  ['${date:-14:%I %p %a %b %j %y%%}', '10 PM Tue Oct 304 23%'],
])('%s', (text, expected) => {
  expect(filled(text, NAMES, NOW)).toBe(expected);
});

test('a date format that is not known is told', () => {
  expect(() => filled('${date:0:%Q}', {}, NOW)).toThrow('date format %Q: not known');
});

test('keys and values of data', () => {
  expect(filledData({ '${opsBucket}': ['${opsBucket}', 1, null] }, NAMES, NOW)).toEqual({ ops: ['ops', 1, null] });
});

test('numbers of files', () => {
  expect(numbered('f_${i:05}_${i}_${i%3}', 7)).toBe('f_00007_7_1');
});
