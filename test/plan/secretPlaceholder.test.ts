import type { JsonObject } from '../../src/json';
import { replaceSecrets, secretPlaceholderAt, withoutSecrets } from '../../src/plan/secretPlaceholder';
import { secretParts } from '../../src/rules/secretReferences';
import type { Action } from '../../src/rules/types';

const VARIABLES = { EventID: '777', DestTable: 'ds.t' };

function action(kind: Action['action'], request: JsonObject): Action {
  return { action: kind, request, onSuccess: [], onFailure: [] };
}

test.each<[Action['action'], JsonObject, string]>([
  ['notify', { Title: 't', Token: 'SECRET' }, 'Token'],
  ['notify', { Title: 't', URL: 'https://hooks/SECRET' }, 'URL'],
  ['call', { Headers: { Authorization: 'Bearer SECRET' } }, 'Headers.Authorization'],
  ['call', { Headers: { 'X-Api-Key': 'SECRET' } }, 'Headers.X-Api-Key'],
  ['call', { URL: 'https://h/p?a=1&key=SECRET' }, 'URL'],
  ['call', { URL: 'https://u:SECRET@h/p' }, 'URL'],
  ['call', { Headers: { Authorization: `Bearer SECRET \${secret:x}` } }, 'Headers.Authorization'],
  ['call', { Body: { a: [`\${secret:SECRET}`] } }, 'Body.a.0'],
  ['push', { Message: `\${env:BQTAIL_SECRET}` }, 'Message'],
])('a secret of %s %j is neither in the plan nor in the process file', (kind, request, keys) => {
  const planned = replaceSecrets(action(kind, request), 'r#orders', 'OnSuccess[0].Request', VARIABLES);
  expect(JSON.stringify(planned)).not.toContain('SECRET');
  let value = planned[keys.split('.')[0] ?? ''] ?? null;
  for (const key of keys.split('.').slice(1)) value = Object(value)[key];
  expect(secretPlaceholderAt(value)).toEqual({
    rule: 'r#orders',
    field: 'OnSuccess[0].Request',
    keys: keys.split('.'),
    whole: !['Body.a.0', 'Message'].includes(keys),
    variables: {},
  });
  const [redacted] = withoutSecrets([action(kind, request)]);
  // A reference is not secret.
  if (!['Body.a.0', 'Message'].includes(keys)) expect(JSON.stringify(redacted)).not.toContain('SECRET');
});

test('texts without secrets are expanded, and a placeholder keeps the variables that its text uses', () => {
  const request = {
    URL: 'https://h/$EventID?a=1',
    Headers: { 'X-Event': '$EventID', Authorization: 'Basic $EventID' },
    Body: { 'id-$EventID': '$DestTable' },
  };
  const planned = replaceSecrets(action('call', request), 'r#orders', 'OnFailure[1].Request', VARIABLES);
  expect(planned).toMatchObject({
    URL: 'https://h/777?a=1',
    Headers: { 'X-Event': '777', Authorization: { SecretPlaceholder: { variables: { EventID: '777' } } } },
    Body: { 'id-777': 'ds.t' },
  });
});

test('a text is split at its references to secrets', () => {
  expect(secretParts(`a \${secret: projects/p/secrets/s } b\${env:BQTAIL_X}`)).toEqual([
    'a ',
    { kind: 'secret', name: 'projects/p/secrets/s' },
    ' b',
    { kind: 'env', name: 'BQTAIL_X' },
  ]);
});
