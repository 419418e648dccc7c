import { expandData, expandNumber, expandPlaceholders } from '../../../src/cli/ruleTests/placeholders';

const NOW = new Date('2023-11-14T22:13:20Z');
const NAMES = { opsBucket: 'ops' };

test.each([
  ['gs://${opsBucket}/x', 'gs://ops/x'],
  ['${unknown} $EventID ${constructor}', '${unknown} $EventID ${constructor}'],
  ['${date:0:%Y-%m-%d %H:%M:%S}', '2023-11-14 22:13:20'],
  ['${date:-14:%I %p %a %b %j %y%%}', '10 PM Tue Oct 304 23%'],
])('placeholders in %s are expanded, other texts stay', (text, expected) => {
  expect(expandPlaceholders(text, NAMES, NOW)).toBe(expected);
});

test('an unknown date format is refused', () => {
  expect(() => expandPlaceholders('${date:0:%Q}', {}, NOW)).toThrow('date format %Q: unknown');
});

test('placeholders in keys and values of data are expanded', () => {
  expect(expandData({ '${opsBucket}': ['${opsBucket}', 1, null] }, NAMES, NOW)).toEqual({ ops: ['ops', 1, null] });
});

test('the number of a file may be padded or reduced by a modulus', () => {
  expect(expandNumber('f_${i:05}_${i}_${i%3}', 7)).toBe('f_00007_7_1');
});
