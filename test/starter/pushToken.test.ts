import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bridgeApp } from '../../src/starter/http';
import { tokenVerifier } from '../../src/starter/pushToken';
import { push } from './support';

const AUDIENCE = 'https://bridge.example/';
const PUSHER = 'pusher@my-project.iam.gserviceaccount.com';
const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherSigner = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Responses of the key server by path. Other paths are 404. */
const served: Record<string, unknown> = {
  '/pem': { k1: signer.publicKey.export({ type: 'spki', format: 'pem' }) },
  '/jwks': { keys: [{ ...signer.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] },
  '/odd': { keys: 1 },
};
let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const body = served[request.url ?? ''];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'max-age=60' });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function token(claims: object = {}, header: object = {}, key: KeyObject = signer.privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    email: PUSHER,
    email_verified: true,
    iat: now,
    exp: now + 600,
    ...claims,
  };
  const signed = `${encoded({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })}.${encoded(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function bridge(keys: string) {
  const invalid: string[] = [];
  let handled = 0;
  const app = bridgeApp({
    handle: async () => {
      handled++;
      return { Status: 'ok', EventID: '1', TriggerURL: '', Started: '', TimeTakenMs: 0, RuleCount: 0 };
    },
    onResponse: () => {},
    onInvalid: (reason) => invalid.push(reason),
    verify: tokenVerifier({ audience: AUDIENCE, serviceAccounts: [PUSHER], keysUrl: base + keys }),
  });
  const post = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    return (await app.request('/', { method: 'POST', body: JSON.stringify(push()), headers })).status;
  };
  return { post, invalid, count: () => handled };
}

test.each(['/pem', '/jwks'])(
  'a token of the configured service account is accepted, with keys in the form of %s',
  async (keys) => {
    const { post, count } = bridge(keys);
    expect([await post(`Bearer ${token()}`), count()]).toEqual([200, 1]);
  },
);

const hourAgo = Math.floor(Date.now() / 1000) - 3600;
test.each<[string, string | undefined, string]>([
  ['no token', undefined, 'the request has no bearer token'],
  ['another scheme', `Basic ${token()}`, 'the request has no bearer token'],
  ['a token that is not a JWT', 'Bearer secret', 'the token is not valid: Wrong number of segments in token'],
  ['a token without JSON', 'Bearer secret.secret.secret', 'the token is not valid: it cannot be parsed'],
  ['an unknown key', `Bearer ${token({}, { kid: 'k2' })}`, 'the token is not valid: No pem found for envelope'],
  [
    'a signature of another key',
    `Bearer ${token({}, {}, otherSigner.privateKey)}`,
    'the token is not valid: Invalid token signature',
  ],
  ['no signature', `Bearer ${token({}, { alg: 'none' }).replace(/[^.]+$/, '')}`, 'the token is not valid: '],
  ['another audience', `Bearer ${token({ aud: 'https://other/' })}`, 'the token is not valid: Wrong recipient'],
  ['another issuer', `Bearer ${token({ iss: 'https://evil.example' })}`, 'the token is not valid: Invalid issuer'],
  ['an expired token', `Bearer ${token({ iat: hourAgo, exp: hourAgo + 60 })}`, 'the token is not valid: Token used'],
  ['another account', `Bearer ${token({ email: 'x@y.z' })}`, 'the token is of x@y.z, which may not push'],
  [
    'an unverified e-mail',
    `Bearer ${token({ email_verified: false })}`,
    `the e-mail of the token is not verified: ${PUSHER}`,
  ],
  ['no e-mail', `Bearer ${token({ email: undefined })}`, 'the token has no e-mail'],
])('%s is refused with 401, and the reason contains no part of the token', async (_name, authorization, reason) => {
  const { post, invalid, count } = bridge('/pem');
  expect([await post(authorization), count()]).toEqual([401, 0]);
  expect(invalid).toEqual([expect.stringContaining(reason)]);
  for (const part of authorization?.replace(/^\w+ /, '').split('.') ?? []) {
    if (part !== '') expect(invalid.join()).not.toContain(part);
  }
});

test.each(['/none', '/odd'])('an event is asked for again when the keys cannot be read from %s', async (keys) => {
  const { post, invalid, count } = bridge(keys);
  expect([await post(`Bearer ${token()}`), count()]).toEqual([503, 0]);
  expect(invalid).toEqual(['the public keys of the token issuer cannot be read']);
});
