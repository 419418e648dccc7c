/** The object resource of a Cloud Storage notification. */
export const RESOURCE = {
  kind: 'storage#object',
  bucket: 'my-trigger',
  name: 'data/a.json',
  generation: '1700000003000000',
  size: '42',
  updated: '2023-11-14T22:13:23.250Z',
  timeCreated: '2023-11-14T22:13:23.000Z',
};

/** The event for RESOURCE. */
export const EVENT = {
  kind: 'finalized',
  bucket: 'my-trigger',
  name: 'data/a.json',
  generation: '1700000003000000',
  size: 42,
  updatedMs: Date.parse('2023-11-14T22:13:23.250Z'),
  sourceId: '900000000000001',
} as const;

/** A Pub/Sub push message with an object resource. */
export function push(resource: unknown = RESOURCE, eventType = 'OBJECT_FINALIZE') {
  const data = Buffer.from(JSON.stringify(resource)).toString('base64');
  return {
    message: { attributes: { eventType, bucketId: 'my-trigger' }, data, messageId: '900000000000001' },
    subscription: 'projects/p/subscriptions/s',
  };
}

export const FINALIZED = 'google.cloud.storage.object.v1.finalized';
