import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { type ListeningService, listen } from '@bqtail/emulator-kit';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { getRequestListener } from '@hono/node-server';
import { Broker } from './broker';
import { addGrpcServices } from './grpcServices';
import type { PubSubOptions } from './options';
import { restApp } from './restApp';

/** What every HTTP/2 connection, and so every gRPC one, begins with. */
const HTTP2_PREFACE = 'PRI ';

/**
 * Starts the stand-in for Pub/Sub on 127.0.0.1: gRPC and REST on one port, as the emulator of Google's SDK serves them, so
 * that PUBSUB_EMULATOR_HOST is one address for every client.
 *
 * @example const { port, close } = await startPubSub({ port: 0 })
 */
export async function startPubSub(options: PubSubOptions): Promise<ListeningService> {
  const broker = new Broker();
  const grpc = new GrpcServer();
  addGrpcServices(grpc, broker);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const http = createHttpServer(getRequestListener(restApp(broker).fetch));

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
  const { port, close } = await listen(server, options);

  return {
    port,
    async close() {
      broker.close();
      grpc.forceShutdown();
      injector.destroy();
      await close();
    },
  };
}
