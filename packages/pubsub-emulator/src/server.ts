import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { type ListeningService, listen } from '@bqtail/emulator-kit';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { getRequestListener } from '@hono/node-server';
import { Broker } from './broker';
import { addPublisher } from './grpc/publisher';
import { addSubscriber } from './grpc/subscriber';
import type { PubSubOptions } from './options';
import { restApp } from './rest/app';
import { Store } from './store';

/** Start of every HTTP/2 connection, and so of every gRPC connection. */
const HTTP2_PREFACE = 'PRI ';

/** Longer than clients keep an idle connection, so that no call arrives on a connection that is just being closed. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts the Pub/Sub emulator on 127.0.0.1. It serves gRPC and REST on one port, as the emulator of Google's SDK does, so
 * that PUBSUB_EMULATOR_HOST is one address for every client. Only one process at a time may use a data folder.
 *
 * @example const { port, close } = await startPubSub({ port: 0, dataDir: '/data' })
 */
export async function startPubSub({ port: requestedPort, dataDir }: PubSubOptions): Promise<ListeningService> {
  const broker = new Broker(dataDir === undefined ? undefined : new Store(dataDir));
  const grpc = new GrpcServer();
  addPublisher(grpc, broker);
  addSubscriber(grpc, broker);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const http = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, getRequestListener(restApp(broker).fetch));

  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      if (first === null) return;
      socket.unshift(first);
      if (first.subarray(0, HTTP2_PREFACE.length).toString() === HTTP2_PREFACE) injector.injectConnection(socket);
      else http.emit('connection', socket);
    });
  });
  const { port, close } = await listen(server, { port: requestedPort });

  return {
    port,
    async close() {
      grpc.forceShutdown();
      injector.destroy();
      await close();
      await broker.close();
    },
  };
}
