import { z } from 'zod';
import type { MessageRecord } from '../store/records';

/** A message as publishers send it. */
export const publishSchema = z.object({
  messages: z
    .array(
      z.object({
        data: z.string().default(''),
        attributes: z.record(z.string(), z.string()).default({}),
        orderingKey: z.string().optional(),
      }),
    )
    .min(1),
});

/** A message as subscribers get it; push endpoints are given the older names of its fields as well. */
export function receivedMessage(message: MessageRecord): Record<string, unknown> {
  const { id, data, attributes, orderingKey } = message;
  const messageId = String(id);
  // An ID is the microsecond in which the message was published.
  const publishTime = new Date(Math.floor(id / 1000)).toISOString();
  return {
    attributes,
    data,
    messageId,
    message_id: messageId,
    publishTime,
    publish_time: publishTime,
    ...(orderingKey === undefined ? {} : { orderingKey }),
  };
}
