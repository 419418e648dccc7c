import { createServer } from 'node:http';
import type { ListeningService } from '@bqtail/emulator-kit';
import { getRequestListener } from '@hono/node-server';
import { catcherApp } from './app';
import { Caught } from './caught';
import type { CatcherOptions } from './options';

/**
 * Starts the request catcher on 127.0.0.1: it takes whatever is sent to it, answers as a friendly service would, and shows it.
 *
 * @example const { port, close } = await startCatcher({ port: 0 })
 */
export async function startCatcher({ port, pubsub }: CatcherOptions): Promise<ListeningService> {
  const server = createServer(getRequestListener(catcherApp(new Caught(), pubsub).fetch));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`Expected a TCP address, got ${address}`);
  return {
    port: address.port,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
