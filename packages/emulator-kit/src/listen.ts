import type { Server, Socket } from 'node:net';

/** A service that listens. */
export interface ListeningService {
  readonly port: number;
  /** Ends the service with all its connections. Stored data stays. */
  close(): Promise<void>;
}

/** Where a server listens. */
export interface ListenOptions {
  /** 0 chooses a free port. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Connections that may wait to be accepted. @default 511 */
  readonly backlog?: number;
}

/**
 * Starts a TCP or HTTP server.
 *
 * @throws Error when it cannot listen, for example because the port is in use.
 * @example const { port, close } = await listen(createServer(handler), { port: 0 })
 */
export async function listen(
  server: Server,
  { port, host = '127.0.0.1', backlog }: ListenOptions,
): Promise<ListeningService> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: portOf(server), close };
}

/**
 * Port on which a server listens.
 *
 * @throws Error when it does not listen on TCP.
 */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`Expected a TCP address, got ${address}`);
  return address.port;
}
