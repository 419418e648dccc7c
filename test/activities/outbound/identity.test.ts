import { createServer, type Server } from 'node:http';
import { audienceOf, Identity } from '../../../src/activities/outbound/identity';

let server: Server;
const asked: string[] = [];
const CLAIMS = Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString('base64url');
const ID_TOKEN = `e30.${CLAIMS}.sig`;

/** The metadata server of a machine on Google Cloud. */
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(String(request.url));
    response.setHeader('metadata-flavor', 'Google');
    if (request.url?.includes('/identity')) response.end(ID_TOKEN);
    else response.setHeader('content-type', 'application/json').end('{"access_token":"access","expires_in":3600}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  process.env['GCE_METADATA_HOST'] = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
  delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
});
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));

test('a call gets an identity token for its service, or an access token of its scopes', async () => {
  const identity = new Identity();
  expect(await identity.tokenFor('https://svc.run.app/path?x=1')).toBe(`Bearer ${ID_TOKEN}`);
  expect(asked.find((path) => path.includes('/identity'))).toMatch(/audience=https:\/\/svc.run.app$/);
  expect(await identity.accessFor('https://x.googleapis.com/', ['https://www.googleapis.com/auth/pubsub'])).toBe(
    'Bearer access',
  );
});

test('no token is sent to another machine without encryption', async () => {
  await expect(new Identity().tokenFor('http://svc.example.com/')).rejects.toMatchObject({ type: 'RuleInvalid' });
});

test.each([
  ['https://svc-abc.a.run.app/a/b?c=d', 'https://svc-abc.a.run.app'],
  ['https://r-p.cloudfunctions.net/fn/x?y=1', 'https://r-p.cloudfunctions.net/fn'],
])('the token for %s is for %s', (url, audience) => {
  expect(audienceOf(url)).toBe(audience);
});
