import { google } from '@google-cloud/pubsub/build/protos/protos';
import type { Server } from '@grpc/grpc-js';
import type { Broker } from './broker';
import { addDuplex, addUnary } from './grpcMethod';
import type { Message, SubscriptionSettings } from './message';
import { streamingPull } from './streamingPull';
import type { Lease } from './subscription';

const { v1 } = google.pubsub;
const { Empty } = google.protobuf;
const PUBLISHER = '/google.pubsub.v1.Publisher';
const SUBSCRIBER = '/google.pubsub.v1.Subscriber';
/** Longest wait of a pull for its first message. */
const PULL_WAIT_MS = 5_000;
const ACK_DEADLINE_SECONDS = 10;

/** Serves the part of Pub/Sub's gRPC API that official clients need to publish and to listen. */
export function addGrpcServices(server: Server, broker: Broker): void {
  addPublisher(server, broker);
  addSubscriber(server, broker);
}

function addPublisher(server: Server, broker: Broker): void {
  addUnary(server, `${PUBLISHER}/CreateTopic`, v1.Topic, v1.Topic, ({ name }) => {
    broker.createTopic(name);
    return v1.Topic.create({ name });
  });
  addUnary(server, `${PUBLISHER}/GetTopic`, v1.GetTopicRequest, v1.Topic, ({ topic: name }) => {
    broker.requireTopic(name);
    return v1.Topic.create({ name });
  });
  addUnary(server, `${PUBLISHER}/ListTopics`, v1.ListTopicsRequest, v1.ListTopicsResponse, ({ project }) =>
    v1.ListTopicsResponse.create({ topics: broker.listTopics(project).map((name) => ({ name })) }),
  );
  addUnary(server, `${PUBLISHER}/DeleteTopic`, v1.DeleteTopicRequest, Empty, ({ topic }) => {
    broker.deleteTopic(topic);
    return Empty.create();
  });
  addUnary(server, `${PUBLISHER}/Publish`, v1.PublishRequest, v1.PublishResponse, ({ topic, messages }) => {
    const sent = messages.map((message) => {
      const { data, attributes, orderingKey } = v1.PubsubMessage.create(message);
      return { data: typeof data === 'string' ? Buffer.from(data, 'base64') : data, attributes, orderingKey };
    });
    return v1.PublishResponse.create({ messageIds: [...broker.publish(topic, sent)] });
  });
}

function addSubscriber(server: Server, broker: Broker): void {
  addUnary(server, `${SUBSCRIBER}/CreateSubscription`, v1.Subscription, v1.Subscription, (request) => {
    const { name, topic } = request;
    broker.createSubscription({ name, topic, ackDeadlineSeconds: request.ackDeadlineSeconds || ACK_DEADLINE_SECONDS });
    return resource(broker.subscription(name).settings);
  });
  addUnary(server, `${SUBSCRIBER}/GetSubscription`, v1.GetSubscriptionRequest, v1.Subscription, ({ subscription }) =>
    resource(broker.subscription(subscription).settings),
  );
  addUnary(
    server,
    `${SUBSCRIBER}/ListSubscriptions`,
    v1.ListSubscriptionsRequest,
    v1.ListSubscriptionsResponse,
    ({ project }) =>
      v1.ListSubscriptionsResponse.create({ subscriptions: broker.listSubscriptions(project).map(resource) }),
  );
  addUnary(server, `${SUBSCRIBER}/DeleteSubscription`, v1.DeleteSubscriptionRequest, Empty, ({ subscription }) => {
    broker.deleteSubscription(subscription);
    return Empty.create();
  });
  addUnary(server, `${SUBSCRIBER}/Pull`, v1.PullRequest, v1.PullResponse, async (request) => {
    const { subscription, maxMessages, returnImmediately } = request;
    const leases = await broker.subscription(subscription).pull(maxMessages, returnImmediately ? 0 : PULL_WAIT_MS);
    return v1.PullResponse.create({ receivedMessages: leases.map(received) });
  });
  addUnary(server, `${SUBSCRIBER}/Acknowledge`, v1.AcknowledgeRequest, Empty, ({ subscription, ackIds }) => {
    broker.subscription(subscription).acknowledge(ackIds);
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
      v1.StreamingPullResponse.create({ receivedMessages: leases.map(received), subscriptionProperties: {} }),
    ),
  );
}

function resource({ name, topic, ackDeadlineSeconds }: SubscriptionSettings): google.pubsub.v1.Subscription {
  return v1.Subscription.create({ name, topic, ackDeadlineSeconds });
}

function received({ ackId, message }: Lease): google.pubsub.v1.IReceivedMessage {
  return { ackId, message: wire(message) };
}

function wire({ publishTime, ...message }: Message): google.pubsub.v1.IPubsubMessage {
  const ms = publishTime.getTime();
  return { ...message, publishTime: { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 } };
}
