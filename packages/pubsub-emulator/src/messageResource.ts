import type { Message } from './message';

/** A message as the REST API shows it. */
export function messageResource(message: Message): Record<string, unknown> {
  const { data, attributes, messageId, orderingKey, publishTime } = message;
  return {
    data: Buffer.from(data).toString('base64'),
    attributes,
    messageId,
    publishTime: publishTime.toISOString(),
    orderingKey: orderingKey || undefined,
  };
}

/** A message as push endpoints receive it: the older names of some fields are there, too. */
export function pushedMessage(message: Message): Record<string, unknown> {
  const resource = messageResource(message);
  return { ...resource, message_id: resource['messageId'], publish_time: resource['publishTime'] };
}
