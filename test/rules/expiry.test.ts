import { expiryMs } from '../../src/rules/expiry';

test.each([
  ['2hours', 7_200_000],
  ['1 hour', 3_600_000],
  ['90sec', 90_000],
  ['1week', 604_800_000],
  ['3 days', 259_200_000],
  ['10min', 600_000],
  ['10 minutes', 600_000],
  ['5 Seconds', 5_000],
  ['250ms', 250],
  ['1500us', 2],
  ['1ns', 1],
  ['1month', undefined],
  ['2 years', undefined],
  ['hour', undefined],
  ['1.5hours', undefined],
  ['-1day', undefined],
  ['', undefined],
])('the expiry %j lasts %s ms', (text, expected) => {
  expect(expiryMs(text)).toBe(expected);
});
