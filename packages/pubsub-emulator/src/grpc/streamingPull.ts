import type { google } from '@google-cloud/pubsub/build/protos/protos';
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import type { Broker } from '../broker';
import type { Lease } from '../subscription';
import { grpcError } from './method';

type Request = google.pubsub.v1.StreamingPullRequest;
type Response = google.pubsub.v1.StreamingPullResponse;

/** Messages of one response. */
const MAX_MESSAGES = 100;

/** A stream of a subscription's messages. The first request of the client names the subscription. */
export function streamingPull(
  broker: Broker,
  response: (leases: readonly Lease[]) => Response,
): handleBidiStreamingCall<Request, Response> {
  return (call) => {
    let stop: (() => void) | undefined;
    const open = (request: Request): (() => void) => {
      const subscription = broker.subscription(request.subscription);
      const deadlineMs = (request.streamAckDeadlineSeconds || subscription.settings.ackDeadlineSeconds) * 1000;
      const deliver = () => {
        for (let leases = subscription.take(MAX_MESSAGES, deadlineMs); leases.length > 0; ) {
          call.write(response(leases));
          leases = subscription.take(MAX_MESSAGES, deadlineMs);
        }
      };
      const stopListening = subscription.onReady(deliver);
      deliver();
      call.on('data', ({ ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds }: Request) => {
        void subscription.acknowledge(ackIds);
        for (const [index, ackId] of modifyDeadlineAckIds.entries())
          subscription.extend([ackId], (modifyDeadlineSeconds[index] ?? 0) * 1000);
      });
      return stopListening;
    };
    call.once('data', (request: Request) => {
      try {
        stop = open(request);
      } catch (error) {
        call.emit('error', grpcError(error));
      }
    });
    const end = () => stop?.();
    call.on('cancelled', end);
    call.on('error', end);
    call.on('end', () => {
      end();
      call.end();
    });
  };
}
