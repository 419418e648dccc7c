import { until } from '../../emulator-kit/test/until';
import { PushEndpoint } from './pushEndpoint';
import { RunningPubSub } from './runningPubSub';

let pubsub: RunningPubSub;
let endpoint: PushEndpoint;
const TOPIC = 'projects/p/topics/files';
const SUBSCRIPTION = 'projects/p/subscriptions/files-push';

beforeEach(async () => {
  pubsub = await RunningPubSub.start();
  endpoint = new PushEndpoint();
  await pubsub.call('PUT', TOPIC, {});
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  const retryPolicy = { minimumBackoff: '0.01s', maximumBackoff: '0.1s' };
  await pubsub.call('PUT', SUBSCRIPTION, { topic: TOPIC, pushConfig, retryPolicy, ackDeadlineSeconds: 30 });
});
afterEach(async () => {
  await endpoint.close();
  await pubsub.stop();
});

const datas = () => endpoint.received.map(({ message }) => message.data);
const ids = () => endpoint.received.map(({ message }) => message.messageId);

test('a push request names the subscription and carries the message', async () => {
  const message = { data: 'MQ==', attributes: { a: '1' }, orderingKey: 'k' };
  await pubsub.call('POST', `${TOPIC}:publish`, { messages: [message] });
  await until(() => endpoint.received.length === 1, 'the message arrives');
  const [pushed] = endpoint.received;
  expect(pushed).toMatchObject({ subscription: SUBSCRIPTION, message });
  expect(pushed?.message.messageId).toMatch(/^\d{1,18}$/);
  expect(pushed?.message.message_id).toBe(pushed?.message.messageId);
});

test('a message is pushed again until it is acknowledged, and then no more', async () => {
  endpoint.answer = () => (endpoint.received.length < 4 ? 500 : 200);
  await pubsub.publish(TOPIC, 'MQ==');
  await until(() => endpoint.received.length === 4, 'it is acknowledged');
  expect(new Set(ids()).size).toBe(1);
  await pubsub.publish(TOPIC, 'Mg==');
  await until(() => datas().includes('Mg=='), 'the next message arrives');
  expect(endpoint.received).toHaveLength(5);
});

test.each([200, 201, 202, 204])('the status %d acknowledges a message', async (status) => {
  endpoint.answer = () => status;
  await pubsub.publish(TOPIC, 'MQ==');
  await until(() => endpoint.received.length === 1, 'the message arrives');
  await pubsub.publish(TOPIC, 'Mg==');
  await until(() => datas().includes('Mg=='), 'the next message arrives');
  expect(endpoint.received).toHaveLength(2);
});

test('messages that were not acknowledged survive a restart', async () => {
  endpoint.answer = () => 503;
  await pubsub.publish(TOPIC, 'MQ==');
  await until(() => endpoint.received.length > 0, 'the first attempt is made');
  await pubsub.shut();
  endpoint.received.length = 0;
  endpoint.answer = () => 204;
  await pubsub.open();
  await until(() => endpoint.received.length === 1, 'the message is pushed again');
  expect(datas()).toEqual(['MQ==']);
});

test('an endpoint that does not listen yet receives everything once it does', async () => {
  await endpoint.close();
  const messages = Array.from({ length: 100 }, (_, index) => Buffer.from(`late ${index}`).toString('base64'));
  await pubsub.publish(TOPIC, ...messages);
  endpoint = new PushEndpoint();
  const pushConfig = { pushEndpoint: await endpoint.listen() };
  expect((await pubsub.call('POST', `${SUBSCRIPTION}:modifyPushConfig`, { pushConfig })).status).toBe(200);
  expect((await pubsub.call('GET', SUBSCRIPTION)).body).toMatchObject({ pushConfig });
  await until(() => new Set(datas()).size === messages.length, 'all messages arrive');
});

test('a subscription whose push configuration is emptied is pulled', async () => {
  await pubsub.call('POST', `${SUBSCRIPTION}:modifyPushConfig`, { pushConfig: {} });
  await pubsub.publish(TOPIC, 'MQ==');
  const { body } = await pubsub.call('POST', `${SUBSCRIPTION}:pull`, { maxMessages: 9 });
  expect(body).toMatchObject({ receivedMessages: [{ message: { data: 'MQ==' } }] });
  expect(endpoint.received).toEqual([]);
});

test('at most 64 messages of a subscription are in flight', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  endpoint.answer = () => released.then(() => 204);
  await pubsub.publish(TOPIC, ...Array.from({ length: 100 }, () => 'MQ=='));
  await until(() => endpoint.received.length >= 64, 'the first messages arrive');
  expect(endpoint.received).toHaveLength(64);
  release();
  await until(() => endpoint.received.length === 100, 'all messages arrive');
});
