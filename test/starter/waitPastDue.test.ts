import { parseRuleFile } from '../../src/rules/parseRuleFile';
import { waitPastDue } from '../../src/starter/windowArrival';

function wait(batch: object, windowId: string, more: object = {}): number {
  const text = JSON.stringify({ When: { Prefix: '/a/' }, Dest: { Table: 'd.t' }, Batch: batch, ...more });
  const [rule] = parseRuleFile('gs://c/r.json', text).rules;
  if (!rule) throw new Error(text);
  return waitPastDue(rule, windowId);
}

const DELETES = { OnSuccess: [{ Action: 'delete' }] };

test.each<[string, object, object, number]>([
  ['by default, a window waits five seconds for late events', {}, {}, 5],
  ['a window waits for SettleInSec', { Window: { SettleInSec: 2 } }, {}, 2],
  ['a window whose folders are listed does not wait', {}, DELETES, 0],
  ['a window with a limit and Seal: true does not wait', { Window: { MaxFiles: 3, Seal: true } }, {}, 0],
  ['a MaxDelayInSec that is not longer than SettleInSec has no effect', { MaxDelayInSec: 5 }, {}, 5],
])('%s', (_name, batch, more, expected) => {
  expect(wait(batch, 'd.t_1_1700000010', more)).toBe(expected);
});

test('with MaxDelayInSec, windows wait for different times between SettleInSec and MaxDelayInSec', () => {
  const ids = Array.from({ length: 200 }, (_, at) => `d.t_${at}_1700000010`);
  const delays = ids.map((id) => wait({ MaxDelayInSec: 65 }, id));
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(5);
    expect(delay).toBeLessThan(65);
  }
  expect(new Set(delays).size).toBeGreaterThan(150);
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  expect(Math.abs(mean - 35)).toBeLessThan(5);
  expect(ids.map((id) => wait({ MaxDelayInSec: 65 }, id))).toEqual(delays);
});
