import { type handleBidiStreamingCall, type handleUnaryCall, type Server, status } from '@grpc/grpc-js';
import { BrokerError } from '../brokerError';

/** A message class of Google's client, which knows the wire format. */
export interface Codec<Message> {
  encode(message: NoInfer<Message>): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** Serves a method with one request message and one response message. */
export function addUnary<Request, Response>(
  server: Server,
  path: string,
  request: Codec<Request>,
  response: Codec<Response>,
  handle: (request: Request) => Response | Promise<Response>,
): void {
  const call: handleUnaryCall<Request, Response> = ({ request: message }, callback) => {
    Promise.resolve(message)
      .then(handle)
      .then(
        (answer) => callback(null, answer),
        (error: unknown) => callback(grpcError(error)),
      );
  };
  server.addService({ call: definition(path, request, response, false) }, { call });
}

/** Serves a method with a stream of messages in both directions. */
export function addDuplex<Request, Response>(
  server: Server,
  path: string,
  request: Codec<Request>,
  response: Codec<Response>,
  handle: handleBidiStreamingCall<Request, Response>,
): void {
  server.addService({ call: definition(path, request, response, true) }, { call: handle });
}

/** An error in the form of gRPC. */
export function grpcError(error: unknown): { readonly code: status; readonly details: string } {
  if (error instanceof BrokerError) return { code: status[error.status], details: error.message };
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}

function definition<Request, Response>(
  path: string,
  request: Codec<Request>,
  response: Codec<Response>,
  streams: boolean,
) {
  return {
    path,
    requestStream: streams,
    responseStream: streams,
    requestSerialize: (message: Request) => Buffer.from(request.encode(message).finish()),
    requestDeserialize: (bytes: Buffer) => request.decode(bytes),
    responseSerialize: (message: Response) => Buffer.from(response.encode(message).finish()),
    responseDeserialize: (bytes: Buffer) => response.decode(bytes),
  };
}
