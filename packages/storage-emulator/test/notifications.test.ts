import { until } from '../../emulator-kit/test/until';
import { PushEndpoint } from '../../pubsub-emulator/test/pushEndpoint';
import { RunningPubSub } from '../../pubsub-emulator/test/runningPubSub';
import { failureOf, PROJECT, RunningStorage } from './runningStorage';

let pubsub: RunningPubSub;
let storage: RunningStorage;
let endpoint: PushEndpoint;
const TOPIC = `projects/${PROJECT}/topics/files`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/files-push`;

beforeEach(async () => {
  pubsub = await RunningPubSub.start();
  storage = await RunningStorage.start(pubsub.address);
  endpoint = new PushEndpoint();
  await pubsub.call('PUT', TOPIC, {});
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  const retryPolicy = { minimumBackoff: '0.01s', maximumBackoff: '0.1s' };
  await pubsub.call('PUT', SUBSCRIPTION, { topic: TOPIC, pushConfig, retryPolicy, ackDeadlineSeconds: 30 });
});
afterEach(async () => {
  await endpoint.close();
  await storage.stop();
  await pubsub.stop();
});

const attributes = () => endpoint.received.map(({ message }) => message.attributes);
const ids = () => endpoint.received.map(({ message }) => message.messageId);

test('the notification of a new object carries its resource', async () => {
  await storage.bucket().createNotification('files', {
    eventTypes: ['OBJECT_FINALIZE'],
    objectNamePrefix: 'data/',
    customAttributes: { mine: '1' },
  });
  await storage.put('elsewhere/a.json');
  await storage.put('data/ü.json', '{}');
  await until(() => endpoint.received.length === 1, 'the message arrives');
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

test('every kind of change is announced', async () => {
  await storage.bucket().createNotification('files');
  const file = storage.bucket().file('a');
  await storage.put('a', '1');
  await storage.put('a', '2');
  await file.setMetadata({ metadata: { x: 'y' } });
  await file.copy('b');
  await storage.bucket().file('b').moveFileAtomic('c');
  await storage.bucket().combine(['a', 'c'], 'd.txt');
  await file.delete();
  await until(() => endpoint.received.length >= 9, 'all messages arrive');
  const announced = attributes()
    .sort((one, other) =>
      `${one['eventTime']}${one['objectId']}` < `${other['eventTime']}${other['objectId']}` ? -1 : 1,
    )
    .map(({ eventType, objectId }) => `${eventType} ${objectId}`);
  expect(announced.sort()).toEqual([
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

test('a notification is pushed again until it is acknowledged, and then no more', async () => {
  await storage.bucket().createNotification('files');
  endpoint.answer = () => (endpoint.received.length < 4 ? 500 : 200);
  await storage.put('a');
  await until(() => endpoint.received.length === 4, 'it is acknowledged');
  expect(new Set(ids()).size).toBe(1);
  await storage.put('b');
  await until(() => attributes().some(({ objectId }) => objectId === 'b'), 'the next one arrives');
  expect(endpoint.received).toHaveLength(5);
});

test('notifications that were not acknowledged survive a restart of both emulators', async () => {
  await storage.bucket().createNotification('files');
  endpoint.answer = () => 503;
  await storage.put('a');
  await until(() => endpoint.received.length > 0, 'the first attempt is made');
  await pubsub.shut();
  await storage.shut();
  endpoint.received.length = 0;
  endpoint.answer = () => 204;
  await storage.open();
  await pubsub.open();
  await until(() => endpoint.received.length === 1, 'it is pushed again');
  expect(attributes()[0]).toMatchObject({ objectId: 'a' });
});

test('while Pub/Sub is down, notifications wait, also over a restart, and are published in order', async () => {
  await pubsub.call('POST', `${SUBSCRIPTION}:modifyPushConfig`, { pushConfig: {} });
  await storage.bucket().createNotification('files');
  await pubsub.shut();
  await storage.put('a');
  await storage.put('b');
  await storage.shut();
  await storage.open();
  await storage.put('c');
  await pubsub.open();
  const names: string[] = [];
  await until(async () => {
    const { body } = await pubsub.call<{ receivedMessages: { message: { attributes: { objectId: string } } }[] }>(
      'POST',
      `${SUBSCRIPTION}:pull`,
      { maxMessages: 9, returnImmediately: true },
    );
    names.push(...body.receivedMessages.map(({ message }) => message.attributes.objectId));
    return names.length >= 3;
  }, 'all notifications are pulled');
  expect(names).toEqual(['a', 'b', 'c']);
});

test('an endpoint that does not listen yet receives everything once it does', async () => {
  await storage.bucket().createNotification('files');
  await endpoint.close();
  const names = Array.from({ length: 100 }, (_, index) => `late/${index}`);
  await Promise.all(names.map((name) => storage.put(name)));
  endpoint = new PushEndpoint();
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  expect((await pubsub.call('POST', `${SUBSCRIPTION}:modifyPushConfig`, { pushConfig })).status).toBe(200);
  const received = () => new Set(attributes().map(({ objectId }) => objectId));
  await until(() => received().size === names.length, 'all notifications arrive');
});

test('changes of a bucket whose topic was deleted are not announced, and those of other topics are', async () => {
  await storage.bucket().createNotification('files');
  await pubsub.call('PUT', `${TOPIC}-2`, {});
  await storage.bucket().createNotification('files-2');
  await pubsub.call('DELETE', `${TOPIC}-2`);
  const report = jest.spyOn(console, 'error').mockImplementation(() => {});
  await storage.put('a');
  await until(() => endpoint.received.length === 1, 'the notification arrives');
  await until(() => report.mock.calls.length > 0, 'the other one is dropped');
  expect(report).toHaveBeenCalledWith(`Notifications to ${TOPIC}-2: the topic does not exist; dropped`);
  report.mockRestore();
});

describe('configurations', () => {
  test("configurations are created, listed and deleted by Google's client", async () => {
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

  test('a configuration needs a topic that exists', async () => {
    expect(await failureOf(storage.bucket().createNotification('nothing'))).toEqual({
      code: 404,
      message: `Cloud Pub/Sub topic 'projects/${PROJECT}/topics/nothing' not found.`,
    });
  });

  test('a configuration needs a known payload format', async () => {
    const body = { topic: `//pubsub.googleapis.com/${TOPIC}`, payload_format: 'XML' };
    expect((await storage.call('POST', '/storage/v1/b/inbox/notificationConfigs', body)).status).toBe(400);
  });

  test('a configuration is refused without Pub/Sub', async () => {
    const alone = await RunningStorage.start();
    const failure = await failureOf(alone.bucket().createNotification('files'));
    expect(failure).toMatchObject({ code: 400, message: expect.stringContaining('option pubsub') });
    await alone.stop();
  });

  test('a configuration is refused for now while Pub/Sub is down', async () => {
    await pubsub.shut();
    expect(await failureOf(storage.bucket().createNotification('files'))).toMatchObject({ code: 503 });
  });
});
