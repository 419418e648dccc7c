import { failureOf, PROJECT, PushEndpoint, RunningStorage, until } from './runningStorage';

let storage: RunningStorage;
let endpoint: PushEndpoint;
const TOPIC = `/v1/projects/${PROJECT}/topics/files`;
const SUBSCRIPTION = `/v1/projects/${PROJECT}/subscriptions/files-push`;

beforeEach(async () => {
  storage = await RunningStorage.start();
  endpoint = new PushEndpoint();
  await storage.call('PUT', TOPIC, {});
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  const retryPolicy = { minimumBackoff: '0.01s', maximumBackoff: '0.1s' };
  const topic = `projects/${PROJECT}/topics/files`;
  await storage.call('PUT', SUBSCRIPTION, { topic, pushConfig, retryPolicy, ackDeadlineSeconds: 30 });
});
afterEach(async () => {
  endpoint.close();
  await storage.stop();
});

const attributes = () => endpoint.received.map(({ message }) => message.attributes);
const ids = () => endpoint.received.map(({ message }) => message.messageId);

test('a finalised object is told with its resource', async () => {
  await storage.bucket().createNotification('files', {
    eventTypes: ['OBJECT_FINALIZE'],
    objectNamePrefix: 'data/',
    customAttributes: { mine: '1' },
  });
  await storage.put('elsewhere/a.json');
  await storage.put('data/ü.json', '{}');
  await until(() => endpoint.received.length === 1, 'the message is there');
  const [metadata] = await storage.bucket().file('data/ü.json').getMetadata();
  const [{ message, subscription } = { message: undefined, subscription: undefined }] = endpoint.received;
  expect(subscription).toBe(`projects/${PROJECT}/subscriptions/files-push`);
  expect(message?.attributes).toEqual({
    mine: '1',
    notificationConfig: 'projects/_/buckets/inbox/notificationConfigs/1',
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: 'inbox',
    objectId: 'data/ü.json',
    objectGeneration: metadata.generation,
    eventTime: metadata.timeCreated,
  });
  expect(JSON.parse(Buffer.from(message?.data ?? '', 'base64').toString())).toEqual(metadata);
  expect(message?.messageId).toMatch(/^\d{1,18}$/);
  expect(message?.message_id).toBe(message?.messageId);
});

test('every kind of change is told', async () => {
  await storage.bucket().createNotification('files');
  const file = storage.bucket().file('a');
  await storage.put('a', '1');
  await storage.put('a', '2');
  await file.setMetadata({ metadata: { x: 'y' } });
  await file.copy('b');
  await storage.bucket().file('b').moveFileAtomic('c');
  await storage.bucket().combine(['a', 'c'], 'd.txt');
  await file.delete();
  await until(() => endpoint.received.length >= 9, 'all messages are there');
  const told = attributes()
    .sort((one, other) =>
      `${one['eventTime']}${one['objectId']}` < `${other['eventTime']}${other['objectId']}` ? -1 : 1,
    )
    .map(({ eventType, objectId }) => `${eventType} ${objectId}`);
  expect(told.sort()).toEqual([
    'OBJECT_DELETE a',
    'OBJECT_DELETE a',
    'OBJECT_DELETE b',
    'OBJECT_FINALIZE a',
    'OBJECT_FINALIZE a',
    'OBJECT_FINALIZE b',
    'OBJECT_FINALIZE c',
    'OBJECT_FINALIZE d.txt',
    'OBJECT_METADATA_UPDATE a',
  ]);
  const overwritten = attributes().find((message) => message['overwrittenByGeneration'] !== undefined);
  const overwriting = attributes().find((message) => message['overwroteGeneration'] !== undefined);
  expect(overwritten).toMatchObject({
    eventType: 'OBJECT_DELETE',
    overwrittenByGeneration: overwriting?.['objectGeneration'],
  });
  expect(overwriting).toMatchObject({
    eventType: 'OBJECT_FINALIZE',
    overwroteGeneration: overwritten?.['objectGeneration'],
  });
});

test('a message comes again until it is acknowledged, and then no more', async () => {
  await storage.bucket().createNotification('files');
  endpoint.answer = () => (endpoint.received.length < 4 ? 500 : 200);
  await storage.put('a');
  await until(() => endpoint.received.length === 4, 'it was acknowledged');
  expect(new Set(ids()).size).toBe(1);
  await storage.put('b');
  await until(() => attributes().some(({ objectId }) => objectId === 'b'), 'the next one is there');
  expect(endpoint.received).toHaveLength(5);
});

test('messages that were not acknowledged survive a restart', async () => {
  await storage.bucket().createNotification('files');
  endpoint.answer = () => 503;
  await storage.put('a');
  await until(() => endpoint.received.length > 0, 'the first attempt');
  await storage.shut();
  endpoint.received.length = 0;
  endpoint.answer = () => 204;
  await storage.open();
  await until(() => endpoint.received.length === 1, 'it comes again');
  expect(attributes()[0]).toMatchObject({ objectId: 'a' });
});

test('an endpoint that is not there yet gets everything once it is', async () => {
  await storage.bucket().createNotification('files');
  endpoint.close();
  const names = Array.from({ length: 100 }, (_, index) => `late/${index}`);
  await Promise.all(names.map((name) => storage.put(name)));
  endpoint = new PushEndpoint();
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  expect((await storage.call('POST', `${SUBSCRIPTION}:modifyPushConfig`, { pushConfig })).status).toBe(200);
  const received = () => new Set(attributes().map(({ objectId }) => objectId));
  await until(() => received().size === names.length, 'all are there');
});

describe('configurations', () => {
  test('are created, listed and deleted by the client', async () => {
    const [notification] = await storage.bucket().createNotification('files', { eventTypes: ['OBJECT_DELETE'] });
    const [notifications] = await storage.bucket().getNotifications();
    expect(notifications.map(({ id }) => id)).toEqual(['1']);
    expect((await notification.getMetadata())[0]).toMatchObject({
      topic: `//pubsub.googleapis.com/projects/${PROJECT}/topics/files`,
      payload_format: 'JSON_API_V1',
      event_types: ['OBJECT_DELETE'],
    });
    await notification.delete();
    expect((await storage.bucket().getNotifications())[0]).toEqual([]);
  });

  test('need a topic that exists', async () => {
    expect(await failureOf(storage.bucket().createNotification('nothing'))).toMatchObject({ code: 404 });
  });

  test('need a known payload format', async () => {
    const body = { topic: `//pubsub.googleapis.com/projects/${PROJECT}/topics/files`, payload_format: 'XML' };
    expect((await storage.call('POST', '/storage/v1/b/inbox/notificationConfigs', body)).status).toBe(400);
  });
});
