import { stepKeys } from '../../src/plan/stepKeys';
import { plan } from './planning';

const call = (URL: string) => ({ Action: 'call', Request: { URL } });
const query = { Action: 'query', Request: { SQL: 'SELECT 1' } };

function keys(actions: readonly object[]): readonly string[] {
  return Object.values(stepKeys(plan({ rule: { OnSuccess: actions } }).onSuccess));
}

test('only steps with an effect outside have keys, also nested ones, but not those of OnFailure', () => {
  const nested = { ...query, OnSuccess: [call('http://a')], OnFailure: [call('http://b')] };
  expect(keys([nested, { Action: 'delete' }])).toEqual([expect.stringMatching(/^call_\d+_1$/)]);
});

test('the key of a step depends on its action and not on its position, and equal steps are numbered', () => {
  const [a] = keys([call('http://a')]);
  expect(keys([query, call('http://a'), call('http://b')])[0]).toBe(a);
  const twice = keys([call('http://a'), query, call('http://a')]);
  expect(twice).toEqual([a, a?.replace(/_1$/, '_2')]);
});
