import { createServer, type Server } from 'node:http';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';
import { Secrets } from '../../../src/activities/outbound/secrets';

const TOKEN = 'xoxb-1';
const base64 = (text: string) => Buffer.from(text).toString('base64');

let server: Server;
let secrets: Secrets;
let objects: Record<string, Buffer>;
let calls: string[];

/** Secret Manager and KMS in one: a secret `missing` does not exist; KMS answers a token for the ciphertext `cipher`. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    if (request.url?.includes('missing')) response.writeHead(404).end('{"error":{"message":"no such secret"}}');
    else if (request.url?.endsWith(':decrypt'))
      response.end(JSON.stringify({ plaintext: base64(`{"Token":"${TOKEN} of ${JSON.parse(body).ciphertext}"}`) }));
    else response.end(JSON.stringify({ payload: { data: base64('sesame') } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
beforeEach(() => {
  calls = [];
  objects = {};
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  secrets = new Secrets(new GoogleAuth({ authClient: new PassThroughClient() }), {
    projectId: 'p',
    region: 'r',
    readObject: async (name) => objects[name],
    env: { BQTAIL_X: 'from env', HOME: '/root', TOKEN_JSON: `{"Token":"${TOKEN}"}` },
    endpoints: { secretManager: url, kms: url },
  });
});

test.each([
  ['name', '/v1/projects/p/secrets/name/versions/latest:access'],
  ['projects/q/secrets/name', '/v1/projects/q/secrets/name/versions/latest:access'],
  ['projects/q/secrets/name/versions/3', '/v1/projects/q/secrets/name/versions/3:access'],
])('the secret %s is read once from %s', async (name, path) => {
  expect(await secrets.read({ kind: 'secret', name })).toBe('sesame');
  expect(await secrets.read({ kind: 'secret', name })).toBe('sesame');
  expect(calls).toEqual([`GET ${path}`]);
});

test('a secret that does not exist is a final failure', async () => {
  await expect(secrets.read({ kind: 'secret', name: 'missing' })).rejects.toMatchObject({
    type: 'NotFound',
    nonRetryable: true,
  });
});

test('rules can only use environment variables with the prefix BQTAIL_', async () => {
  expect(await secrets.read({ kind: 'env', name: 'BQTAIL_X' })).toBe('from env');
  await expect(async () => secrets.read({ kind: 'env', name: 'HOME' })).rejects.toMatchObject({ type: 'RuleInvalid' });
  await expect(async () => secrets.read({ kind: 'env', name: 'BQTAIL_Y' })).rejects.toMatchObject({
    type: 'RuleInvalid',
  });
});

test('a Slack token is found in a variable, a secret, or an encrypted object, raw or in base64', async () => {
  objects['gs://b/raw'] = Buffer.from([0xff, 0x00, 0x01]);
  objects['gs://b/base64'] = Buffer.from('Y2lwaGVy\n');
  expect(await secrets.slackToken({ env: 'TOKEN_JSON' }, 'configuration')).toBe(TOKEN);
  await expect(async () => secrets.slackToken({ env: 'TOKEN_JSON' }, 'rule')).rejects.toMatchObject({
    type: 'RuleInvalid',
  });
  expect(await secrets.slackToken({ secret: 'name' }, 'configuration')).toBe('sesame');
  expect(await secrets.slackToken({ url: 'gs://b/raw', key: 'ring/key' }, 'configuration')).toBe(`${TOKEN} of /wAB`);
  expect(await secrets.slackToken({ url: 'gs://b/base64', key: 'projects/q/k' }, 'configuration')).toBe(
    `${TOKEN} of Y2lwaGVy`,
  );
  expect(calls.slice(1)).toEqual([
    'POST /v1/projects/p/locations/r/keyRings/ring/cryptoKeys/key:decrypt',
    'POST /v1/projects/q/k:decrypt',
  ]);
  await expect(secrets.slackToken({ url: 'gs://b/nothing', key: 'a/b' }, 'configuration')).rejects.toMatchObject({
    type: 'RuleInvalid',
  });
});
