import { sinceMs } from '../../src/cli/since';

const NOW = Date.parse('2024-01-02T00:00:00Z');

test.each([
  ['90m', '2024-01-01T22:30:00.000Z'],
  ['2h', '2024-01-01T22:00:00.000Z'],
  ['1d', '2024-01-01T00:00:00.000Z'],
  ['30s', '2024-01-01T23:59:30.000Z'],
  ['2023-12-31', '2023-12-31T00:00:00.000Z'],
  ['2023-12-31T10:00:00+02:00', '2023-12-31T08:00:00.000Z'],
])('%s is a point in time', (text, expected) => {
  expect(new Date(sinceMs(text, NOW)).toISOString()).toBe(expected);
});

test.each(['', 'yesterday', '2', '2w', '-1h', '1.5h', '2024-13-01'])('%s is refused', (text) => {
  expect(() => sinceMs(text, NOW)).toThrow(
    `found ${text}; allowed are an age such as 90m, 2h, 7d, or an RFC 3339 time.`,
  );
});
