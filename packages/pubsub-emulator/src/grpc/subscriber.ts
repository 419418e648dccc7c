import { google } from '@google-cloud/pubsub/build/protos/protos';
import type { Server } from '@grpc/grpc-js';
import type { Broker } from '../broker';
import type { Lease } from '../subscription';
import { parsePushEndpoint } from '../subscriptionSettings';
import { addDuplex, addUnary } from './method';
import { streamingPull } from './streamingPull';
import { durationOf, settingsOf, subscriptionMessage } from './subscriptionMessage';

const { v1 } = google.pubsub;
const { Empty } = google.protobuf;
const SUBSCRIBER = '/google.pubsub.v1.Subscriber';
/** Longest wait of a pull call for its first message. */
const PULL_WAIT_MS = 5_000;

/** Serves the methods that subscribers call. */
export function addSubscriber(server: Server, broker: Broker): void {
  addSubscriptions(server, broker);
  addMessages(server, broker);
}

function addSubscriptions(server: Server, broker: Broker): void {
  addUnary(server, `${SUBSCRIBER}/CreateSubscription`, v1.Subscription, v1.Subscription, async (request) => {
    const settings = settingsOf(request);
    await broker.createSubscription(settings);
    return subscriptionMessage(settings);
  });
  addUnary(server, `${SUBSCRIBER}/GetSubscription`, v1.GetSubscriptionRequest, v1.Subscription, ({ subscription }) =>
    subscriptionMessage(broker.subscription(subscription).settings),
  );
  addUnary(
    server,
    `${SUBSCRIBER}/ListSubscriptions`,
    v1.ListSubscriptionsRequest,
    v1.ListSubscriptionsResponse,
    ({ project }) =>
      v1.ListSubscriptionsResponse.create({
        subscriptions: broker.listSubscriptions(project).map(subscriptionMessage),
      }),
  );
  addUnary(server, `${SUBSCRIBER}/DeleteSubscription`, v1.DeleteSubscriptionRequest, Empty, async (request) => {
    await broker.deleteSubscription(request.subscription);
    return Empty.create();
  });
  addUnary(server, `${SUBSCRIBER}/ModifyPushConfig`, v1.ModifyPushConfigRequest, Empty, async (request) => {
    const pushEndpoint = request.pushConfig?.pushEndpoint ?? undefined;
    await broker.modifyPushEndpoint(request.subscription, parsePushEndpoint({ pushEndpoint }));
    return Empty.create();
  });
}

function addMessages(server: Server, broker: Broker): void {
  addUnary(server, `${SUBSCRIBER}/Pull`, v1.PullRequest, v1.PullResponse, async (request) => {
    const { subscription, maxMessages, returnImmediately } = request;
    const leases = await broker.subscription(subscription).pull(maxMessages, returnImmediately ? 0 : PULL_WAIT_MS);
    return v1.PullResponse.create({ receivedMessages: leases.map(receivedMessage) });
  });
  addUnary(server, `${SUBSCRIBER}/Acknowledge`, v1.AcknowledgeRequest, Empty, async ({ subscription, ackIds }) => {
    await broker.subscription(subscription).acknowledge(ackIds);
    return Empty.create();
  });
  addUnary(server, `${SUBSCRIBER}/ModifyAckDeadline`, v1.ModifyAckDeadlineRequest, Empty, (request) => {
    broker.subscription(request.subscription).extend(request.ackIds, request.ackDeadlineSeconds * 1000);
    return Empty.create();
  });
  addDuplex(
    server,
    `${SUBSCRIBER}/StreamingPull`,
    v1.StreamingPullRequest,
    v1.StreamingPullResponse,
    streamingPull(broker, (leases) =>
      v1.StreamingPullResponse.create({ receivedMessages: leases.map(receivedMessage), subscriptionProperties: {} }),
    ),
  );
}

function receivedMessage({ ackId, message }: Lease): google.pubsub.v1.IReceivedMessage {
  const { messageId, data, attributes, orderingKey, publishTime } = message;
  const time = durationOf(publishTime.getTime());
  return { ackId, message: { messageId, data, attributes, orderingKey, publishTime: time } };
}
