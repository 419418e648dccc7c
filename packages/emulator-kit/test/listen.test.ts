import { createServer } from 'node:http';
import { listen } from '../src/listen';

test('a closed server answers no request and frees its port, also with an open connection', async () => {
  const handler = createServer((_request, response) => response.end('x'));
  const { port, close } = await listen(handler, { port: 0 });
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('x');
  await close();
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  const again = await listen(createServer(), { port });
  expect(again.port).toBe(port);
  await again.close();
});

test('a port in use is an error', async () => {
  const { port, close } = await listen(createServer(), { port: 0 });
  await expect(listen(createServer(), { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await close();
});
