import { createServer, type Server } from 'node:http';
import { GuardedFetch, HostRefused } from '../../../src/activities/outbound/guardedFetch';
import { HostPolicy } from '../../../src/activities/outbound/hostPolicy';

let server: Server;
let port: number;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(String(request.url));
    if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
    else response.end('here');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
beforeEach(() => seen.splice(0));

const init = { signal: AbortSignal.timeout(5000) };

test('a name and an address of this machine are refused before a request is sent', async () => {
  const guarded = new GuardedFetch(new HostPolicy(undefined));
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    const error = await guarded.fetch(`http://${host}:${port}/`, init).catch((caught: Error) => caught);
    expect(error).toMatchObject({ cause: expect.any(HostRefused) });
  }
  expect(seen).toEqual([]);
});

test('a listed host is called; a redirection to an unlisted host is refused', async () => {
  // The name is listed, the address that it redirects to is not.
  const guarded = new GuardedFetch(new HostPolicy(['localhost']));
  const answer = await guarded.fetch(`http://localhost:${port}/`, init);
  expect(await answer.text()).toBe('here');
  await expect(guarded.fetch(`http://localhost:${port}/away`, init)).rejects.toMatchObject({
    cause: expect.any(HostRefused),
  });
  expect(seen).toEqual(['/', '/away']);
});
