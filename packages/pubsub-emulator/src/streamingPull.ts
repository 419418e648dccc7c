import type { google } from '@google-cloud/pubsub/build/protos/protos';
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import type { Broker } from './broker';
import { grpcError } from './grpcMethod';
import type { Lease } from './subscription';

type Request = google.pubsub.v1.StreamingPullRequest;
type Response = google.pubsub.v1.StreamingPullResponse;

/** Messages of one answer. */
const AT_ONCE = 100;

/** A stream that gets a subscription's messages as they come; its first request names the subscription. */
export function streamingPull(
  broker: Broker,
  answer: (leases: readonly Lease[]) => Response,
): handleBidiStreamingCall<Request, Response> {
  return (call) => {
    let stop: (() => void) | undefined;
    const open = (request: Request): (() => void) => {
      const subscription = broker.subscription(request.subscription);
      const deadlineMs = (request.streamAckDeadlineSeconds || subscription.settings.ackDeadlineSeconds) * 1000;
      const deliver = () => {
        for (let leases = subscription.take(AT_ONCE, deadlineMs); leases.length > 0; ) {
          call.write(answer(leases));
          leases = subscription.take(AT_ONCE, deadlineMs);
        }
      };
      const end = subscription.onReady(deliver);
      deliver();
      call.on('data', ({ ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds }: Request) => {
        subscription.acknowledge(ackIds);
        for (const [at, ackId] of modifyDeadlineAckIds.entries())
          subscription.extend([ackId], (modifyDeadlineSeconds[at] ?? 0) * 1000);
      });
      return end;
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
