import { createServer } from 'node:http';
import { type ListeningService, listen } from '@bqtail/emulator-kit';
import { getRequestListener } from '@hono/node-server';
import { catcherApp } from './app';
import { Caught } from './caught';
import type { CatcherOptions } from './options';

/**
 * Starts the request catcher on 127.0.0.1. It accepts every request, answers with success, and shows the requests.
 *
 * @example const { port, close } = await startCatcher({ port: 0 })
 */
export async function startCatcher({ port, pubsub }: CatcherOptions): Promise<ListeningService> {
  const server = createServer(getRequestListener(catcherApp(new Caught(), pubsub).fetch));
  return listen(server, { port });
}
