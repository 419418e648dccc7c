import { type AfterCommit, type Database, endOf, keyOf } from './database';
import type { ObjectEvent } from './objects';
import type { Outbox } from './outbox';
import type { NotificationRecord } from './records';
import { objectResource } from './resource';

/** Configurations of notifications: which changes of objects are announced to which topics. */
export class Notifications {
  /** Address in the links of the object resources in notifications. */
  base = 'http://127.0.0.1';

  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
  ) {}

  list(bucket: string): NotificationRecord[] {
    const start = keyOf(bucket, '');
    return [...this.db.notifications.getRange({ start, end: endOf(start) })].map(({ value }) => value);
  }

  find(bucket: string, id: string): NotificationRecord | undefined {
    return this.db.notifications.get(keyOf(bucket, id));
  }

  /** Adds a configuration under the bucket's next number. */
  async insert(settings: Omit<NotificationRecord, 'id'>): Promise<NotificationRecord> {
    return this.db.write(() => {
      const taken = this.list(settings.bucket).map(({ id }) => Number(id));
      const notification = { ...settings, id: String(Math.max(0, ...taken) + 1) };
      this.db.notifications.put(keyOf(settings.bucket, notification.id), notification);
      return notification;
    });
  }

  /** @returns whether the configuration existed. */
  async remove(bucket: string, id: string): Promise<boolean> {
    return this.db.write(() => this.db.notifications.removeSync(keyOf(bucket, id)));
  }

  /** Puts the notifications of an event into the outbox, within the transaction of the change. */
  record(event: ObjectEvent, afterCommit: AfterCommit): void {
    for (const notification of this.list(event.object.bucket)) {
      const { eventTypes, prefix, topic, payloadFormat } = notification;
      if (eventTypes.length > 0 && !eventTypes.includes(event.type)) continue;
      if (!event.object.name.startsWith(prefix)) continue;
      const payload = payloadFormat === 'NONE' ? '' : JSON.stringify(objectResource(event.object, this.base));
      const data = Buffer.from(payload, 'utf8').toString('base64');
      this.outbox.add(topic, { data, attributes: attributesOf(event, notification) }, afterCommit);
    }
  }
}

function attributesOf(event: ObjectEvent, notification: NotificationRecord): Record<string, string> {
  const { object, type } = event;
  const attributes: Record<string, string> = {
    ...notification.attributes,
    notificationConfig: `projects/_/buckets/${notification.bucket}/notificationConfigs/${notification.id}`,
    eventType: type,
    payloadFormat: notification.payloadFormat,
    bucketId: object.bucket,
    objectId: object.name,
    objectGeneration: String(object.generation),
    eventTime: new Date(type === 'OBJECT_DELETE' ? Date.now() : object.updated).toISOString(),
  };
  if (type === 'OBJECT_FINALIZE' && event.overwroteGeneration !== undefined)
    attributes['overwroteGeneration'] = String(event.overwroteGeneration);
  if (type === 'OBJECT_DELETE' && event.overwrittenByGeneration !== undefined)
    attributes['overwrittenByGeneration'] = String(event.overwrittenByGeneration);
  return attributes;
}
