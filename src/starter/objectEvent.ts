import { z } from 'zod';
import { parseJson } from '../json';

/** A notification about an object of Cloud Storage, from any source. */
export interface ObjectEvent {
  readonly kind: 'finalized' | 'other';
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
  /** Bytes; undefined when the notification came without payload. */
  readonly size: number | undefined;
  /** Last update of the object, Unix milliseconds; undefined like `size`. */
  readonly updatedMs: number | undefined;
  /** ID that the source of the event gave; may be empty. */
  readonly sourceId: string;
  /** Custom metadata of the object, if it has any. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The request is not a valid event. Sending it again does not help. */
export class EventInvalidError extends Error {
  override readonly name = 'EventInvalidError';
}

const text = z.string();
const decimal = z.string().regex(/^\d{1,19}$/);

/** The object resource in Pub/Sub notifications and CloudEvents. */
const objectResource = z.object({
  bucket: text.min(1),
  name: text.min(1),
  generation: z.union([decimal, z.number().int().nonnegative().transform(String)]),
  size: z.union([decimal.transform(Number), z.number().int().nonnegative()]).default(0),
  updated: z.iso.datetime({ offset: true }).optional(),
  timeCreated: z.iso.datetime({ offset: true }).optional(),
  metadata: z.record(text, text).optional().catch(undefined),
});

const pushMessage = z.object({
  message: z.object({
    attributes: z.record(text, text).default({}),
    data: text.default(''),
    messageId: text.optional(),
    message_id: text.optional(),
  }),
});

const CLOUD_EVENT_FINALIZED = 'google.cloud.storage.object.v1.finalized';

/**
 * Reads a Pub/Sub push message with a Cloud Storage notification.
 *
 * @throws EventInvalidError
 */
export function fromPubSubPush(body: unknown): ObjectEvent {
  const { message } = check(pushMessage, body, 'Pub/Sub push message');
  const { eventType, payloadFormat } = message.attributes;
  const finalized = eventType === 'OBJECT_FINALIZE';
  const id = message.messageId ?? message.message_id ?? '';
  if (message.data === '' || payloadFormat === 'NONE') return withoutPayload(message.attributes, finalized, id);
  const resource = parseJson(Buffer.from(message.data, 'base64').toString('utf8'));
  if (resource === undefined) throw new EventInvalidError('message.data: not JSON in base64');
  return event(resource, finalized, id);
}

const notificationAttributes = z.object({
  bucketId: text.min(1),
  objectId: text.min(1),
  objectGeneration: decimal,
});

/** A notification with `payload_format: NONE` has only attributes: they name the object, without size and time. */
function withoutPayload(attributes: unknown, finalized: boolean, sourceId: string): ObjectEvent {
  const { bucketId, objectId, objectGeneration } = check(notificationAttributes, attributes, 'message.attributes');
  const unknown = { size: undefined, updatedMs: undefined };
  const object = { bucket: bucketId, name: objectId, generation: objectGeneration };
  return { kind: finalized ? 'finalized' : 'other', ...object, ...unknown, sourceId };
}

/** The parts of a CloudEvent that are used. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly data?: unknown;
}

const cloudEvent = z.object({ id: text, type: text, data: z.unknown() });

/**
 * Reads a CloudEvent in structured content mode: attributes and data in one JSON object.
 *
 * @throws EventInvalidError
 */
export function fromStructured(body: unknown): ObjectEvent {
  return fromCloudEvent(check(cloudEvent, body, 'CloudEvent'));
}

/**
 * Reads the CloudEvent of a Cloud Storage object (Eventarc), of either content mode.
 *
 * @throws EventInvalidError
 */
export function fromCloudEvent({ id, type, data }: CloudEvent): ObjectEvent {
  return event(data, type === CLOUD_EVENT_FINALIZED, id);
}

function event(resource: unknown, finalized: boolean, sourceId: string): ObjectEvent {
  const { bucket, name, generation, size, updated, timeCreated, metadata } = check(
    objectResource,
    resource,
    'object resource',
  );
  const time = updated ?? timeCreated;
  if (time === undefined) throw new EventInvalidError('object resource: updated: missing; expected an RFC 3339 time');
  return {
    kind: finalized ? 'finalized' : 'other',
    bucket,
    name,
    generation,
    size,
    updatedMs: Date.parse(time),
    sourceId,
    metadata,
  };
}

function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${what}: ${issue.path.join('.') || 'as a whole'}: ${issue.message}`,
  );
  throw new EventInvalidError(problems.join('; '));
}
