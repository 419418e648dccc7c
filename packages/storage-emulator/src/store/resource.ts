import type { BucketRecord, NotificationRecord, ObjectRecord } from './records';

/**
 * The object resource of the JSON API.
 *
 * @param base address at which the caller reached the service; links start with it.
 */
export function objectResource(object: ObjectRecord, base: string): Record<string, unknown> {
  const { bucket, name, content, fields } = object;
  const generation = String(object.generation);
  const path = `storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
  const created = new Date(object.created).toISOString();
  const { metadata, storageClass, ...texts } = fields;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${base}/${path}`,
    mediaLink: `${base}/download/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration: String(object.metageneration),
    ...texts,
    storageClass: storageClass ?? 'STANDARD',
    size: String(content.size),
    md5Hash: content.md5Hash,
    crc32c: content.crc32c,
    componentCount: content.componentCount,
    etag: etagOf(object),
    timeCreated: created,
    updated: new Date(object.updated).toISOString(),
    timeStorageClassUpdated: created,
    timeFinalized: created,
    metadata,
  };
}

/** An ETag that changes with the contents and with the metadata. */
export function etagOf(object: Pick<ObjectRecord, 'generation' | 'metageneration'>): string {
  return Buffer.from(`${object.generation}/${object.metageneration}`).toString('base64');
}

/** The bucket resource of the JSON API. */
export function bucketResource(bucket: BucketRecord, base: string): Record<string, unknown> {
  return {
    kind: 'storage#bucket',
    id: bucket.name,
    selfLink: `${base}/storage/v1/b/${encodeURIComponent(bucket.name)}`,
    projectNumber: '1',
    storageClass: 'STANDARD',
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'inherited' },
    ...bucket.fields,
    ...locationOf(bucket),
    name: bucket.name,
    metageneration: String(bucket.metageneration),
    etag: Buffer.from(String(bucket.metageneration)).toString('base64'),
    timeCreated: new Date(bucket.created).toISOString(),
    updated: new Date(bucket.updated).toISOString(),
  };
}

/** The location of a bucket, as the service writes it. */
export function locationOf({ fields }: BucketRecord): { location: string; locationType: string } {
  const location = String(fields['location'] ?? 'US').toUpperCase();
  if (/^(?:US|EU|ASIA)$/.test(location)) return { location, locationType: 'multi-region' };
  return { location, locationType: /^[A-Z]+\d+$/.test(location) ? 'dual-region' : 'region' };
}

/** The notification resource of the JSON API. */
export function notificationResource(notification: NotificationRecord, base: string): Record<string, unknown> {
  const { id, bucket, eventTypes, attributes, prefix } = notification;
  return {
    kind: 'storage#notification',
    id,
    selfLink: `${base}/storage/v1/b/${encodeURIComponent(bucket)}/notificationConfigs/${id}`,
    topic: `//pubsub.googleapis.com/${notification.topic}`,
    payload_format: notification.payloadFormat,
    etag: id,
    event_types: eventTypes.length === 0 ? undefined : eventTypes,
    object_name_prefix: prefix || undefined,
    custom_attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  };
}
