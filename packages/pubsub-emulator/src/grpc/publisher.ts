import { google } from '@google-cloud/pubsub/build/protos/protos';
import type { Server } from '@grpc/grpc-js';
import type { Broker } from '../broker';
import type { Topic } from '../message';
import { addUnary } from './method';
import { labelsOf } from './subscriptionMessage';

const { v1 } = google.pubsub;
const { Empty } = google.protobuf;
const PUBLISHER = '/google.pubsub.v1.Publisher';

/** Serves the methods that publishers call. */
export function addPublisher(server: Server, broker: Broker): void {
  addUnary(server, `${PUBLISHER}/CreateTopic`, v1.Topic, v1.Topic, async ({ name, labels }) => {
    await broker.createTopic({ name, fields: Object.keys(labels).length > 0 ? { labels } : {} });
    return topicMessage(broker.topic(name));
  });
  addUnary(server, `${PUBLISHER}/GetTopic`, v1.GetTopicRequest, v1.Topic, ({ topic }) =>
    topicMessage(broker.topic(topic)),
  );
  addUnary(server, `${PUBLISHER}/ListTopics`, v1.ListTopicsRequest, v1.ListTopicsResponse, ({ project }) =>
    v1.ListTopicsResponse.create({ topics: broker.listTopics(project).map(topicMessage) }),
  );
  addUnary(
    server,
    `${PUBLISHER}/ListTopicSubscriptions`,
    v1.ListTopicSubscriptionsRequest,
    v1.ListTopicSubscriptionsResponse,
    ({ topic }) =>
      v1.ListTopicSubscriptionsResponse.create({ subscriptions: [...broker.listTopicSubscriptions(topic)] }),
  );
  addUnary(server, `${PUBLISHER}/DeleteTopic`, v1.DeleteTopicRequest, Empty, async ({ topic }) => {
    await broker.deleteTopic(topic);
    return Empty.create();
  });
  addUnary(server, `${PUBLISHER}/Publish`, v1.PublishRequest, v1.PublishResponse, async ({ topic, messages }) => {
    const decoded = messages.map((message) => {
      const { data, attributes, orderingKey } = v1.PubsubMessage.create(message);
      return { data: typeof data === 'string' ? Buffer.from(data, 'base64') : data, attributes, orderingKey };
    });
    return v1.PublishResponse.create({ messageIds: [...(await broker.publish(topic, decoded))] });
  });
}

function topicMessage({ name, fields }: Topic): google.pubsub.v1.Topic {
  return v1.Topic.create({ name, labels: labelsOf(fields) });
}
